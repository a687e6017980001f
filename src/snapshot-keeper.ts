/**
 * Holds the snapshot being served: looks which one the store names (pinned, else LATEST), and where it is another, reads,
 * verifies and warms it up beside the traffic, then puts it into use by one assignment. One that can't be used is told of
 * once and tried again, less and less often; the last good one stays. So it does where the whole store is gone, as with a
 * volume that is no longer mounted; it is let go only by a store that is there and names none.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SnapshotError } from './artifacts/snapshot-error.js';
import { type ReadableSnapshots } from './artifacts/snapshot-store.js';
import { type Query } from './engine/query.js';
import { type RankerModel } from './engine/ranker-model.js';
import { type Engine } from './engine/recommend.js';
import { type Scenario } from './engine/scenario.js';
import { SLATE_SIZE } from './engine/slate.js';
import { type Snapshot } from './engine/snapshot.js';
import { snapshotInSteps } from './engine/snapshot-files.js';
import { UNLIMITED } from './pipeline/budget.js';
import { type LiveState } from './state/live-state.js';

/** Why the snapshot that should be in use is not, or can't be read again. */
export interface SnapshotProblem {
  /** Null where the store can't say which one it should be. */
  readonly id: string | null;
  readonly code: string;
  readonly message: string;
  /** Looks in a row that ended so. */
  readonly attempts: number;
}

export interface SnapshotKeeperParts {
  readonly store: ReadableSnapshots;
  readonly engine: Engine;
  /** As it is at each look: it may become another object. */
  readonly state: LiveState;
  /** What the lists of the warm-up are made by. */
  readonly scenario: Scenario;
  readonly now: () => number;
  /** Monotonic, ms. */
  readonly clock: () => number;
  /** How long the ranker of a snapshot that is no longer in use explains the lists that it made, ms. */
  readonly rankersKeptMs: number;
  /** Told of each problem once. */
  readonly onProblem?: (message: string) => void;
  /** Told of each snapshot put into use; null: the store names none any more. */
  readonly onSwap?: (snapshot: Snapshot | null) => void;
}

/** Rows or items aligned at once: 1 to 2 ms. */
const ALIGNED_AT_ONCE = 2_000;
/** Work in a row before requests have their turn; under load a turn is long, so there should be few. */
const AT_ONCE_MS = 8;
/** Lists made before the first request sees a snapshot. */
const WARM_UP_READERS = 4;
/** Looks passed over at most between two attempts at what can't be used. */
const LONGEST_WAIT = 32;

export class SnapshotKeeper {
  private current: Snapshot | null = null;
  private found: SnapshotProblem | null = null;
  /** Rankers out of use, by snapshot, and when that came, by `clock`. */
  private readonly earlier = new Map<string, { readonly ranker: RankerModel; readonly since: number }>();
  private toSkip = 0;
  private looking: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly parts: SnapshotKeeperParts) {}

  get snapshot(): Snapshot | null {
    return this.current;
  }

  get problem(): SnapshotProblem | null {
    return this.found;
  }

  /** The ranker of the snapshot in use, or of one that was in use not long ago; else null. */
  rankerOf(snapshotId: string): RankerModel | null {
    if (snapshotId === this.current?.id) return this.current.ranker;
    return this.earlier.get(snapshotId)?.ranker ?? null;
  }

  /** Looks once, or waits for the look under way. Never rejects: what goes wrong is told and stands in `problem`. */
  look(): Promise<void> {
    this.looking ??= this.lookOnce().finally(() => (this.looking = null));
    return this.looking;
  }

  /** Looks from now on, every so often. */
  follow(everyMs: number): void {
    if (this.closed) return;
    this.timer = setInterval(() => void this.look(), everyMs);
    this.timer.unref();
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    await this.looking;
  }

  private async lookOnce(): Promise<void> {
    if (this.closed) return;
    let id: string | null = null;
    try {
      id = await this.parts.store.current();
      if (this.waits(id)) return;
      if (id === (this.current?.id ?? null)) {
        // Still whole on disk? A restart would need it.
        if (id !== null) await this.parts.store.manifest(id);
      } else {
        if (id === null) await this.mustBeThere();
        const next = id === null ? null : await this.prepare(id);
        if (this.closed) return;
        this.retire(this.current);
        this.current = next;
        this.parts.onSwap?.(next);
      }
      this.found = null;
    } catch (error) {
      if (!this.closed) this.fail(id, error);
    }
  }

  private retire(snapshot: Snapshot | null): void {
    const now = this.parts.clock();
    for (const [id, { since }] of this.earlier) {
      if (now - since > this.parts.rankersKeptMs) this.earlier.delete(id);
    }
    if (snapshot?.ranker != null) this.earlier.set(snapshot.id, { ranker: snapshot.ranker, since: now });
  }

  /** @throws SnapshotError where the store that the snapshot in use came from holds nothing any more */
  private async mustBeThere(): Promise<void> {
    if ((await this.parts.store.list()).length > 0) return;
    throw new SnapshotError('SNAPSHOT_NOT_FOUND', 'the store of snapshots is empty, and was not');
  }

  /** Reads, verifies and warms up. @throws SnapshotError and what the file system throws */
  private async prepare(id: string): Promise<Snapshot | null> {
    const artifacts = await this.parts.store.read(id);
    const steps = snapshotInSteps(artifacts);
    const rest = this.turns();
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) await rest();
    await this.warmUp(step.value, rest);
    return step.value;
  }

  private async warmUp(snapshot: Snapshot, rest: () => Promise<void>): Promise<void> {
    const { state } = this.parts;
    const aligned = (): boolean => snapshot.als?.alignSome(state.items, ALIGNED_AT_ONCE) ?? true;
    while (!this.closed && !aligned()) await rest();
    // Whatever the scenarios use: a ranker that asks for what there is not must not come into use.
    snapshot.ranker?.features(state.settings);
    await rest();
    snapshot.ranker?.warmUp();
    await rest();
    for (const userId of [null, ...state.users.mostRecent(WARM_UP_READERS)]) {
      if (this.closed) return;
      const problem = this.tryList(userId, snapshot);
      // What goes wrong with the one in use as well is not the fault of this one.
      if (problem !== null && this.tryList(userId, this.current) === null) {
        throw new SnapshotError('SNAPSHOT_CORRUPT', `snapshot ${snapshot.id} can't be used: ${problem}`);
      }
      await rest();
    }
  }

  /** Lets requests have their turn wherever enough was done since the last one. */
  private turns(): () => Promise<void> {
    const { clock } = this.parts;
    let from = clock();
    return async () => {
      if (clock() - from < AT_ONCE_MS) return;
      await nextTurn();
      from = clock();
    };
  }

  /** Makes a list that nobody sees; what went wrong, or null. */
  private tryList(userId: string | null, snapshot: Snapshot | null): string | null {
    const { engine, state, scenario, now } = this.parts;
    const query: Query = {
      id: 'warm-up',
      userId,
      sessionId: null,
      seedItems: null,
      context: null,
      scenario,
      filter: null,
      now: now(),
      size: SLATE_SIZE,
      startBudget: UNLIMITED,
    };
    const [slate] = engine.recommend([query], state, snapshot);
    if (slate instanceof Error) return slate.message;
    const [degradation] = slate!.degradations;
    return degradation === undefined ? null : `${degradation.stage}: ${degradation.message}`;
  }

  /** Whether this look passes over what failed before: each attempt reads all of it. */
  private waits(id: string | null): boolean {
    if (this.found === null || id !== this.found.id || this.toSkip === 0) return false;
    this.toSkip--;
    return true;
  }

  private fail(id: string | null, error: unknown): void {
    const { code: given, message } = error as { code?: unknown; message?: string };
    const code = typeof given === 'string' ? given : 'SNAPSHOT_UNREADABLE';
    const same = this.found?.id === id && this.found.code === code;
    const attempts = same ? this.found!.attempts + 1 : 1;
    this.toSkip = Math.min(2 ** attempts, LONGEST_WAIT) - 1;
    this.found = { id, code, message: message ?? String(error), attempts };
    if (same) return;
    const instead = this.current === null ? 'none is' : `${this.current.id} stays`;
    this.parts.onProblem?.(`${code}: ${this.found.message}; ${instead} in use`);
  }
}
