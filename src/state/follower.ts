/**
 * Keeps a live state at the end of the log: loads the newest usable checkpoint, folds what came since, goes on folding
 * whatever any process appends, and writes checkpoints now and then. One fold runs at a time, always from the log.
 */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type EventLog, type Position } from '../events/log.js';
import { type UserRecords } from '../profiles/user-records.js';
import { checkpointsOf, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { LiveState } from './live-state.js';
import { type StateSettings } from './state-settings.js';
import { UserChanges } from './user-changes.js';

const BATCH = 4_096;

export interface FollowerOptions {
  readonly log: EventLog;
  readonly records: UserRecords;
  readonly settings: StateSettings;
  /** Folder of the checkpoints; null: none are read or written. */
  readonly checkpoints: string | null;
  /** Events between two checkpoints. */
  readonly checkpointEvery?: number;
  /** Told of checkpoints that could not be used or written. */
  readonly onProblem?: (message: string) => void;
}

export class Follower {
  readonly state: LiveState;
  /** Told of every event that was folded, whichever process appended it. */
  readonly changes = new UserChanges();
  /** Position of the newest checkpoint read or written. */
  private checkpointed: Position = 0;
  private folding: Promise<void> = Promise.resolve();
  private writing: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly options: FollowerOptions,
    state: LiveState,
  ) {
    this.state = state;
    this.checkpointed = state.position;
  }

  /** Loads the newest usable checkpoint and folds the log to its end. */
  static async open(options: FollowerOptions): Promise<Follower> {
    const follower = new Follower(options, await newestState(options));
    await follower.catchUp();
    return follower;
  }

  /** Events that are in the log and not yet in the state. */
  get lag(): number {
    return Math.max(0, this.options.log.last() - this.state.position);
  }

  /** Folds until the state holds at least what stood in the log at the call. */
  catchUp(): Promise<void> {
    const done = this.folding.then(() => this.fold());
    this.folding = done.catch(() => undefined);
    return done;
  }

  /** From now on folds what other processes append, looking every `everyMs`. */
  follow(everyMs: number): void {
    this.timer = setInterval(() => {
      if (this.lag > 0) this.catchUp().catch((error: unknown) => this.problem('folding failed', error));
    }, everyMs);
    this.timer.unref();
  }

  /** Writes a checkpoint of the state as it is now; with `only`, all older ones go. */
  async checkpoint(options: { readonly only?: boolean } = {}): Promise<void> {
    if (this.options.checkpoints === null) return;
    await this.writing;
    const { position } = this.state;
    this.writing = writeCheckpoint(this.options.checkpoints, this.state, options.only ? 1 : undefined)
      .then(() => {
        this.options.records.keepFrom(this.checkpointed);
        this.checkpointed = position;
      })
      .finally(() => (this.writing = null));
    await this.writing;
  }

  /** Stops following and leaves a checkpoint, so that the next start has little to fold. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.folding;
    if (this.state.position > this.checkpointed) await this.checkpoint();
  }

  private async fold(): Promise<void> {
    const { log, checkpointEvery = Infinity } = this.options;
    for (;;) {
      const entries = await log.read(this.state.position, BATCH);
      for (const { event, position } of entries) this.state.apply(event, position);
      this.changes.applied(entries);
      if (this.state.position - this.checkpointed >= checkpointEvery && this.writing === null) {
        this.checkpoint().catch((error: unknown) => this.problem('a checkpoint could not be written', error));
      }
      if (entries.length < BATCH) return;
      // Others get their turn, however long the log is.
      await setImmediate();
    }
  }

  private problem(what: string, error: unknown): void {
    this.options.onProblem?.(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function newestState(options: FollowerOptions): Promise<LiveState> {
  const { settings, records, checkpoints, log, onProblem } = options;
  for (const { file, position } of checkpoints === null ? [] : await checkpointsOf(checkpoints)) {
    const state = new LiveState(settings, records);
    try {
      if (position > log.last()) throw new Error(`${file} is ahead of the log, which ends at ${log.last()}`);
      await readCheckpoint(join(checkpoints!, file), state);
      return state;
    } catch (error) {
      onProblem?.(`checkpoint not used: ${(error as Error).message}`);
    }
  }
  return new LiveState(settings, records);
}
