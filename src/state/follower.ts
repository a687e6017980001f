/**
 * Keeps a live state at the end of the log: loads the newest usable checkpoint, folds what came since, goes on folding
 * whatever any process appends, and writes checkpoints now and then. One fold runs at a time, always from the log. Where the
 * log no longer has what comes next, or is no longer the one that was folded, the state is made anew in the same way beside
 * the old one, which answers until then.
 */
import { setImmediate } from 'node:timers/promises';
import { type EventLog, type LogEntry, LogTrimmedError, type Position } from '../events/log.js';
import { FellBehindError } from '../profiles/fell-behind-error.js';
import { type UserRecords } from '../profiles/user-records.js';
import { type CheckpointStore } from './checkpoint-store.js';
import { OtherLogError } from './folded-log.js';
import { type LiveState } from './live-state.js';
import { type Fold, foldedAnew, newestFold } from './newest-fold.js';
import { readyToFold } from './ready-to-fold.js';
import { RetryPace } from './retry-pace.js';
import { type StateSettings } from './state-settings.js';
import { UserChanges } from './user-changes.js';

const BATCH = 4_096;

export interface FollowerOptions {
  readonly log: EventLog;
  readonly records: UserRecords;
  readonly settings: StateSettings;
  /** Null: none are read or written. */
  readonly checkpoints: CheckpointStore | null;
  /** Events between two checkpoints. */
  readonly checkpointEvery?: number;
  /** Told after a checkpoint of the position of the oldest that is kept: nothing will be folded from before it. */
  readonly onCheckpoint?: (oldest: Position) => Promise<void>;
  /** Told of checkpoints that could not be used or written, and once of folding that does not go on. */
  readonly onProblem?: (message: string) => void;
}

export class Follower {
  /** Told of every event that was folded, whichever process appended it. */
  readonly changes = new UserChanges();
  /** Position of the newest checkpoint read or written. */
  private checkpointed: Position = 0;
  private folding: Promise<void> = Promise.resolve();
  private writing: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  /** Who waits for a position. */
  private readonly waiting = new Set<{ readonly position: Position; readonly reached: () => void }>();
  /** Whether a fold is under way for what others have appended. */
  private following = false;
  /** Why the last look could not fold; null: it could. */
  private stuck: string | null = null;
  private closed = false;
  private readonly rebuilding = new RetryPace({ clock: () => performance.now() });

  private constructor(
    private readonly options: FollowerOptions,
    private current: Fold,
  ) {
    this.checkpointed = current.state.position;
  }

  /** Loads the newest usable checkpoint and folds the log to its end. */
  static async open(options: FollowerOptions): Promise<Follower> {
    const follower = new Follower(options, await newestFold(options));
    await follower.catchUp();
    return follower;
  }

  /** It may be another object a moment later: whoever needs it for long holds the follower. */
  get state(): LiveState {
    return this.current.state;
  }

  /** What keeps the state from following the log, in words; none where it follows. It answers with what it holds. */
  get troubles(): readonly string[] {
    const { unfollowedSince = null } = this.options.log;
    return [
      ...(unfollowedSince === null
        ? []
        : [`no word of the event log for ${Math.round((performance.now() - unfollowedSince) / 1_000)} s`]),
      ...(this.stuck === null ? [] : [`folding failed: ${this.stuck}`]),
    ];
  }

  /** Events that are in the log, as far as this process has been told, and not yet in the state. */
  get lag(): number {
    return Math.max(0, this.options.log.last() - this.state.position);
  }

  /** Folds until the state holds at least what stood in the log at the call, or what stands there up to the position. */
  catchUp(upTo: Position = Infinity): Promise<void> {
    const done = this.folding.then(() => this.fold(upTo));
    this.folding = done.catch(() => undefined);
    return done;
  }

  /** Whether the state holds the position, or does so within the time, ms; a position may lie behind the end of the log. */
  async reach(position: Position, withinMs: number): Promise<boolean> {
    if (this.state.position >= position) return true;
    const reached = new Promise<void>((resolve) => {
      const waiter = {
        position,
        reached: (): void => {
          clearTimeout(timer);
          this.waiting.delete(waiter);
          resolve();
        },
      };
      const timer = setTimeout(waiter.reached, withinMs).unref();
      this.waiting.add(waiter);
    });
    // What goes wrong is what makes the time go by.
    this.catchUp(position).catch(() => undefined);
    await reached;
    return this.state.position >= position;
  }

  /** From now on folds what other processes append: as soon as the log tells of it, and looking every `everyMs`. */
  follow(everyMs: number): void {
    this.timer = setInterval(() => this.look(), everyMs);
    this.timer.unref();
    this.options.log.onAppended?.(() => this.look());
  }

  /**
   * Writes a checkpoint of the state as it is now, unless another process is the one that writes them; with `only`, whoever
   * does, and all older ones go.
   */
  async checkpoint({ only = false }: { readonly only?: boolean } = {}): Promise<void> {
    const { checkpoints } = this.options;
    if (checkpoints === null) return;
    await this.writing;
    this.writing = this.write(checkpoints, only).finally(() => (this.writing = null));
    await this.writing;
  }

  /** Stops following and leaves a checkpoint, where it can, so that the next start has little to fold. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    this.closed = true;
    await this.folding;
    if (this.state.position <= this.checkpointed) return;
    await this.checkpoint().catch((error: unknown) => this.problem('a checkpoint could not be written', error));
  }

  private async write(checkpoints: CheckpointStore, only: boolean): Promise<void> {
    const { state, log } = this.current;
    const { records, position } = state;
    // A checkpoint is never ahead of the records that a fold from it will read.
    const besides = (): Promise<void> | null => records.flush();
    const kept = await checkpoints.write(state, { only, log: log.history, fold: records.fold, besides });
    if (state === this.state) this.checkpointed = position;
    if (kept.length === 0) return;
    const oldest = Math.min(...kept);
    records.keepFrom(oldest);
    await this.options.onCheckpoint?.(oldest).catch((error: unknown) => {
      this.problem('the log could not be trimmed', error);
    });
  }

  /** Folds what it can; what it can't, with a later look. */
  private look(): void {
    if (this.following || this.closed || (this.lag === 0 && !this.current.log.isOther)) return;
    this.following = true;
    this.catchUp(this.options.log.last())
      .finally(() => (this.following = false))
      .then(
        () => {
          this.stuck = null;
          this.look();
        },
        (error: unknown) => {
          if (this.stuck === null) this.problem('folding failed, and is tried again', error);
          this.stuck = error instanceof Error ? error.message : String(error);
        },
      );
  }

  private async fold(upTo: Position): Promise<void> {
    const { checkpointEvery = Infinity } = this.options;
    while ((this.state.position < upTo || this.current.log.isOther) && !this.closed) {
      const isAtEnd = await this.foldSome(this.current, upTo).catch((error: unknown) => {
        if (!isNoMoreToFold(error)) throw error;
        return this.rebuild(error);
      });
      this.tellWaiting();
      if (this.state.position - this.checkpointed >= checkpointEvery && this.writing === null) {
        this.checkpoint().catch((error: unknown) => this.problem('a checkpoint could not be written', error));
      }
      if (isAtEnd) return;
      // Others get their turn, however long the log is.
      await setImmediate();
    }
  }

  private tellWaiting(): void {
    for (const waiter of this.waiting) {
      if (waiter.position <= this.state.position) waiter.reached();
    }
  }

  /** Folds the next entries into the state; says whether they were the last ones. */
  private async foldSome({ state, log: folded }: Fold, upTo: Position): Promise<boolean> {
    const { log } = this.options;
    const held: readonly LogEntry[] = upTo === Infinity ? [] : (log.recent?.(state.position) ?? []);
    const entries = held.length > 0 ? held : await log.read(state.position, BATCH);
    // What is held was read before any erasure rewrote it, as was all that the state holds then.
    if (held.length === 0 || folded.isOther) folded.refuseOther(state.position);
    refuseGaps(entries, state.position);
    for (let wait; (wait = readyToFold(state, entries)) !== null;) await wait;
    for (const { event, position } of entries) state.apply(event, position);
    this.changes.applied(entries);
    return held.length === 0 && entries.length < BATCH;
  }

  /** Makes the state anew, from the newest usable checkpoint to the end of the log; true once it is there. */
  private async rebuild(why: Error): Promise<true> {
    const onProblem = (message: string): void => {
      if (this.rebuilding.isNew(message)) this.options.onProblem?.(message);
    };
    return this.rebuilding.run(async (): Promise<true> => {
      onProblem(`the state is folded anew: ${why.message}`);
      let checkpointed: Position = 0;
      this.current = await foldedAnew({ ...this.options, onProblem }, async (fold) => {
        checkpointed = fold.state.position;
        while (!this.closed && !(await this.foldSome(fold, Infinity))) await setImmediate();
      });
      this.checkpointed = checkpointed;
      return true;
    });
  }

  private problem(what: string, error: unknown): void {
    this.options.onProblem?.(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A state that has skipped an event would differ from others for ever. */
function refuseGaps(entries: readonly LogEntry[], after: Position): void {
  for (const [i, { position }] of entries.entries()) {
    if (position !== after + 1 + i) throw new Error(`the log gave position ${position} and not ${after + 1 + i}`);
  }
}

/** Whether a state can't go on from where it is, and another has to take its place. */
function isNoMoreToFold(error: unknown): error is Error {
  return error instanceof LogTrimmedError || error instanceof FellBehindError || error instanceof OtherLogError;
}
