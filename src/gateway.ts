/**
 * The running whole behind the GraphQL face: writes go to the log and are folded before they are answered, lists come from
 * the engine over the state as it is, and every list is kept for later pages.
 */
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type SlateStore } from './cache/slate-store.js';
import { type Query } from './engine/query.js';
import { type Engine, type Inspection } from './engine/recommend.js';
import { type RankerModel } from './engine/ranker-model.js';
import { type Scenario } from './engine/scenario.js';
import { type Slate, SLATE_SIZE } from './engine/slate.js';
import { type Snapshot } from './engine/snapshot.js';
import { type Erasure, type Erasures } from './erasures.js';
import { type Event } from './events/event.js';
import { type Appended, type Durability, type EventLog, type Position } from './events/log.js';
import { type Budget, budgetOf, UNLIMITED } from './pipeline/budget.js';
import { Cancelled } from './pipeline/cancelled.js';
import { type Degradation } from './pipeline/trace.js';
import { type Follower } from './state/follower.js';
import { type LiveState } from './state/live-state.js';
import { type UserChanges } from './state/user-changes.js';
import { sessionKey } from './state/session-of.js';

/** What a list is asked with at the edge; the gateway adds its name and how long it may take. */
export type ListRequest = Omit<Query, 'id' | 'startBudget' | 'size'>;

/** Lists made in one turn of the event loop: their users are read together. */
const LISTS_AT_A_TIME = 8;
/** How long an answer waits for the state to hold what the log holds, ms. */
const FOLDED_WITHIN_MS = 2_000;
const NEVER = (): boolean => false;

export interface GatewayParts {
  readonly log: EventLog;
  readonly follower: Follower;
  readonly engine: Engine;
  readonly slates: SlateStore<Slate>;
  readonly erasures: Erasures;
  readonly scenarios: readonly Scenario[];
  /** Holds the snapshot to be used; null before the first training. */
  readonly snapshots: { readonly snapshot: Snapshot | null; rankerOf(snapshotId: string): RankerModel | null };
  /** Time for one list, ms; 0: no limit. */
  readonly budgetMs: number;
  /** Time for this process to fold a position that a query asks for, ms. */
  readonly consistencyWaitMs: number;
  /** Monotonic, ms. */
  readonly clock: () => number;
}

export class Gateway {
  /** Told of every list that is shown; must not throw. */
  onSlate: ((slate: Slate) => void) | null = null;
  /** Told of events when they are durable and in the state; must not throw. */
  onAppend: ((events: readonly Event[], appended: Appended) => void) | null = null;

  constructor(private readonly parts: GatewayParts) {}

  get state(): LiveState {
    return this.parts.follower.state;
  }

  /** Tells whoever watches a user of events. */
  get changes(): UserChanges {
    return this.parts.follower.changes;
  }

  /** The snapshot being served; null before the first training. It may be another a moment later: an operation takes it once. */
  get snapshot(): Snapshot | null {
    return this.parts.snapshots.snapshot;
  }

  /** The ranker that ordered the slate; null where none did, or its snapshot is long out of use. */
  rankerOf({ snapshot }: Slate): RankerModel | null {
    return snapshot === null ? null : this.parts.snapshots.rankerOf(snapshot.id);
  }

  /** What a log that is a service promises; null where it is embedded, and whatever it has acknowledged is on disk. */
  get durability(): Durability | null {
    return this.parts.log.durability ?? null;
  }

  get scenarios(): readonly Scenario[] {
    return this.parts.scenarios;
  }

  /**
   * One slate a request, in their order, kept together; an Error where one could not be made. Made some at a time: between them
   * others are served, and once `isOver` the rest are not made.
   */
  async recommend(
    requests: readonly ListRequest[],
    snapshot: Snapshot | null,
    isOver: () => boolean = NEVER,
  ): Promise<readonly (Slate | Error)[]> {
    const slates: (Slate | Error)[] = [];
    for (let from = 0; from < requests.length; from += LISTS_AT_A_TIME) {
      if (from > 0) await setImmediate();
      const asked = this.prefetch(requests.slice(from).map(({ userId }) => userId));
      if (asked !== null) await asked;
      const some = requests.slice(from, from + LISTS_AT_A_TIME);
      if (isOver()) slates.push(...some.map(() => new Cancelled()));
      else {
        const queries = some.map((request) => this.query(request, isOver));
        slates.push(...this.parts.engine.recommend(queries, this.state, snapshot));
      }
    }
    const kept = await this.keep(slates.flatMap((slate) => (slate instanceof Error ? [] : [slate])));
    let at = 0;
    return slates.map((slate) => (slate instanceof Error ? slate : kept[at++]!));
  }

  /**
   * Keeps lists that are shown, so that they can be paged through, and gives them in their order: where they could not be kept they
   * say so, and are shown all the same.
   */
  async keep(slates: readonly Slate[]): Promise<readonly Slate[]> {
    const shown = await this.parts.slates.put(slates.map((slate) => ({ slate, owners: this.ownersOf(slate) }))).then(
      () => slates,
      (error: Error) => slates.map((slate) => ({ ...slate, degradations: [...slate.degradations, notKept(error)] })),
    );
    for (const slate of shown) this.onSlate?.(slate);
    return shown;
  }

  /**
   * Brings what is known of users who have left memory near, in one round trip; null: it is. Never rejects: of whoever can't be read
   * nothing is known, and lists say so.
   */
  prefetch(userIds: readonly (string | null)[]): Promise<void> | null {
    const { users, position } = this.state;
    if (!users.hasSpilled) return null;
    const asked = users.prefetch([...new Set(userIds.flatMap((userId) => userId ?? []))], position);
    return asked === null ? null : asked.catch(() => undefined);
  }

  /** One list and its stages, of a user who was prefetched; nothing is kept. */
  inspect(request: ListRequest, snapshot: Snapshot | null, isOver: () => boolean = NEVER): Inspection {
    return this.parts.engine.inspect(this.query(request, isOver), this.state, snapshot);
  }

  /**
   * Lists made before, by whichever process, in the order of the ids; null where one has expired.
   * @throws RemoteUnavailableError
   */
  async stored(ids: readonly string[]): Promise<readonly (Slate | null)[]> {
    const slates = await this.parts.slates.get(ids);
    const isAhead = (slate: Slate | null): boolean => slate !== null && slate.trace.logPosition > this.state.position;
    // Its item indexes are those of the log up to there.
    const upTo = Math.max(...slates.map((slate) => slate?.trace.logPosition ?? 0), 0);
    if (upTo > this.state.position) await this.parts.follower.reach(upTo, FOLDED_WITHIN_MS);
    return slates.map((slate) => (isAhead(slate) ? null : slate));
  }

  /**
   * Appends the events, all or none, and resolves when they are durable and in the state; in the state later, where that is made anew
   * or can't be folded on now: what is durable is acknowledged, whatever comes after.
   * @throws LogUnavailableError: the same may be tried again, and counts once where the events have ids
   */
  async append(events: readonly Event[]): Promise<Appended> {
    const appended = await this.parts.log.append(events);
    await this.parts.follower.reach(appended.position, FOLDED_WITHIN_MS);
    this.onAppend?.(events, appended);
    return appended;
  }

  /** Whether lists made from now on know everything up to the position; waits a bounded time for it. */
  knows(position: Position): Promise<boolean> {
    return this.parts.follower.reach(position, this.parts.consistencyWaitMs);
  }

  /** Events by their positions, in one read. */
  events(positions: readonly Position[]): Promise<readonly (Event | null)[]> {
    return this.parts.log.get(positions);
  }

  /** Forgets the user in state, slates and log. */
  forget(userId: string, now: number): Promise<Erasure> {
    return this.parts.erasures.erase(userId, now);
  }

  /** Whose history speaks from the list: the user's or, where none was named, that of whoever reads under the session. */
  private ownersOf({ asked }: Slate): readonly string[] {
    const { userId, sessionId } = asked.query;
    if (userId !== null) return [userId];
    if (sessionId === null) return [];
    const { sessions, users } = this.state;
    return sessions.usersOf(sessionKey(sessionId)).flatMap((user) => users.idOf(user) ?? []);
  }

  private query(request: ListRequest, cancelled: () => boolean): Query {
    const { budgetMs, clock } = this.parts;
    const start = budgetMs === 0 ? UNLIMITED : budgetOf(budgetMs, clock);
    const startBudget = (): Budget => ({ ...start(), cancelled });
    return { ...request, id: randomUUID(), startBudget, size: SLATE_SIZE };
  }
}

const notKept = ({ message }: Error): Degradation => ({
  stage: 'slates',
  code: 'SLATE_NOT_KEPT',
  message,
  instead: 'a list without later pages',
});
