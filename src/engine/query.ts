/**
 * What is asked for, and what the first steps make of it: whose history speaks, how warm the reader is, in which context.
 * Time is data: a query carries its own `now`, so that a replay asks exactly what the server asks.
 */
import { type Context, CONTEXT_DIMENSIONS } from '../events/event.js';
import { type StartBudget } from '../pipeline/budget.js';
import { type ContextCodes } from '../state/contexts.js';
import { DISLIKE, entryAt, type History, historyOf } from '../state/histories.js';
import { type LiveState } from '../state/live-state.js';
import { type SessionPlace } from '../state/scope.js';
import { placeOf, sessionKey } from '../state/session-of.js';
import { type CurrentSession } from '../state/current-sessions.js';
import { type UserView } from '../state/users.js';
import { type MomentWeights, weightsFor } from './blend-weights.js';
import { type ItemFilter } from './item-filter.js';
import { type Scenario, type Segment } from './scenario.js';
import { type Snapshot } from './snapshot.js';

export interface Query {
  /** Names the slate that answers it. */
  readonly id: string;
  readonly userId: string | null;
  readonly sessionId: string | null;
  /** Item ids to start from in place of a history, the most telling first. */
  readonly seedItems: readonly string[] | null;
  /** Overrides what the profile says, dimension by dimension. */
  readonly context: Context | null;
  readonly scenario: Scenario;
  readonly filter: ItemFilter | null;
  readonly now: number;
  /** Items that the slate holds at most. */
  readonly size: number;
  /** Started by the engine when it turns to this query: the queries before it in a batch take nothing from it. */
  readonly startBudget: StartBudget;
}

/** An item to start from: what was read last weighs most. */
export interface Seed {
  readonly item: number;
  readonly weight: number;
}

export interface ResolvedQuery {
  readonly query: Query;
  readonly segment: Segment;
  readonly context: Context;
  readonly codes: ContextCodes;
  readonly place: SessionPlace;
  /** Index of the user in state, or -1: not to be a neighbour of itself. */
  readonly userIndex: number;
  readonly history: History;
  /** Whether what is known of the user can't be read now: the list is one for somebody unknown. */
  readonly isHistoryAway: boolean;
  readonly seeds: readonly Seed[];
  /** How much each source, and within popularity each scope, speaks for the list. */
  readonly weights: MomentWeights;
  /** Time up to which decay runs: now, or the last event of a log that ended before. */
  readonly asOf: number;
}

const SEEDS = 10;
/** Weight of what was read in an earlier session, against the current one. */
const EARLIER_SESSION = 0.6;
const NOBODY: History = historyOf([]);

/** Looks all users of the batch up in one read and resolves each query. */
export function resolveQueries(
  queries: readonly Query[],
  state: LiveState,
  snapshot: Snapshot | null,
): readonly ResolvedQuery[] {
  const userIds = [...new Set(queries.flatMap(({ userId }) => userId ?? []))].filter((userId) =>
    state.users.isAtHand(userId),
  );
  const views = state.users.read(userIds, state.position);
  const viewOf = new Map(userIds.map((userId, at) => [userId, views[at]!]));
  return queries.map((query) => {
    const view = query.userId === null ? null : (viewOf.get(query.userId) ?? null);
    const named = query.userId === null && query.sessionId !== null ? sessionView(state, query.sessionId) : null;
    const history = view?.history ?? named?.history ?? NOBODY;
    const session = view?.session ?? named?.session ?? null;
    const context = resolveContext(view, query.context);
    const segment = (view?.interactions ?? 0) > 0 || history.length > 0 ? 'WARM' : 'COLD';
    const place = placeOf(session, query.sessionId ?? undefined, query.now, state.settings.sessionGapMs);
    return {
      query,
      segment,
      context,
      codes: state.contexts.codes(context),
      place,
      weights: weightsFor(query.scenario, { segment, place }, snapshot),
      userIndex: view?.index ?? -1,
      history,
      isHistoryAway: query.userId !== null && !viewOf.has(query.userId),
      seeds: seedsOf(query, state, history),
      asOf: Math.min(query.now, state.latestAt),
    };
  });
}

/** The profile's context, overridden by the request's where that says something. */
function resolveContext(view: UserView | null, given: Context | null): Context {
  const context: { [dimension: string]: string } = {};
  for (const dimension of CONTEXT_DIMENSIONS) {
    const value = given?.[dimension] ?? view?.profile?.context[dimension];
    if (value !== undefined) context[dimension] = value;
  }
  return context;
}

/** The clicks recorded under a session, whoever made them. */
function sessionView(state: LiveState, sessionId: string): { history: History; session: CurrentSession | null } {
  const key = sessionKey(sessionId);
  const entries = state.sessions
    .usersOf(key)
    .flatMap((user) => {
      const history = state.users.history(user);
      return Array.from({ length: history.length }, (_, offset) => entryAt(history, offset));
    })
    .filter(({ session }) => session === key)
    .sort((a, b) => a.at - b.at || a.position - b.position);
  const last = entries.at(-1);
  const session = last === undefined ? null : { key, clicks: entries.length, lastAt: last.at, named: true };
  return { history: historyOf(entries), session };
}

/** The last items that were read and not disliked, newest first, each once. */
function seedsOf({ seedItems }: Query, state: LiveState, history: History): readonly Seed[] {
  if (seedItems !== null) {
    const items = seedItems.map((id) => state.items.find(id)).filter((item) => item !== -1);
    return items.map((item, rank) => ({ item, weight: 1 / (rank + 1) }));
  }
  const seeds: Seed[] = [];
  const taken = new Set<number>();
  const { length, item: items, type: types, session: sessions } = history;
  const current = sessions[length - 1];
  for (let offset = length - 1; offset >= 0 && seeds.length < SEEDS; offset--) {
    const item = items[offset]!;
    if (taken.has(item)) continue;
    taken.add(item);
    if (types[offset] === DISLIKE) continue;
    const nearness = sessions[offset] === current ? 1 : EARLIER_SESSION;
    seeds.push({ item, weight: nearness / (seeds.length + 1) });
  }
  return seeds;
}
