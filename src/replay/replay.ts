/**
 * Replay: the events run through the same `apply` and the same engine that serve, in their own time; a listener sees each
 * list with the click that it is judged by. Evaluation counts hits, training writes down what was seen.
 * Neither state nor snapshot may know the target or anything after the query: that is checked at every query.
 */
import { type EventSource } from '../events/event-source.js';
import { type Query } from '../engine/query.js';
import { type Engine, type Inspection } from '../engine/recommend.js';
import { type Scenario } from '../engine/scenario.js';
import { SLATE_SIZE } from '../engine/slate.js';
import { type Snapshot } from '../engine/snapshot.js';
import { UNLIMITED } from '../pipeline/budget.js';
import { type LiveState } from '../state/live-state.js';
import { type Ask } from './ask.js';
import { type Fold } from './fold.js';
import { ReplayError } from './replay-error.js';
import { type SnapshotTimeline } from './snapshot-timeline.js';

/** One list of a replay. `inspection` and `state` are valid while the listener runs. */
export interface Answered {
  readonly ask: Ask;
  readonly inspection: Inspection;
  readonly state: LiveState;
  readonly snapshot: Snapshot | null;
  /** Index of the clicked item, or -1 where it was not in the catalogue yet. */
  readonly target: number;
}

export interface ReplayOptions {
  readonly source: EventSource;
  /** In the order of a plan. */
  readonly asks: readonly Ask[];
  /** Where the replay begins; it is moved on. */
  readonly fold: Fold;
  readonly engine: Engine;
  readonly scenario: Scenario;
  readonly snapshots: SnapshotTimeline;
  readonly onAnswer: (answered: Answered) => void;
  /** Before the first list is asked for: the fold as it may be kept. */
  readonly onReady?: (fold: Fold) => Promise<void>;
  readonly onProgress?: (progress: ReplayProgress) => void;
  /** Monotonic, ms. */
  readonly clock: () => number;
}

export interface ReplayProgress {
  readonly events: number;
  readonly asked: number;
}

export interface ReplayFigures {
  /** Events folded, and ms that reading and folding took. */
  readonly events: number;
  readonly foldMs: number;
  /** Lists made, and ms that making and judging them took. */
  readonly queries: number;
  readonly queryMs: number;
  /** Clicks not judged: on items that the reader had read before, and that a list leaves out. */
  readonly seen: number;
}

/**
 * Runs to the last ask; what comes after it is not read.
 * @throws ReplayError where a snapshot or the state knows the future
 */
export async function replay(options: ReplayOptions): Promise<ReplayFigures> {
  const { source, asks, fold, clock } = options;
  const figures = { events: 0, foldMs: 0, queries: 0, queryMs: 0, seen: 0 };
  let next = 0;
  let since = clock();
  const lap = (): number => -since + (since = clock());
  const answerDue = (): void => {
    figures.foldMs += lap();
    for (; next < asks.length && asks[next]!.after <= fold.position; next++) {
      if (answer(asks[next]!, options)) figures.queries++;
      else figures.seen++;
    }
    figures.queryMs += lap();
  };
  const ready = async (): Promise<void> => {
    figures.foldMs += lap();
    await options.onReady?.(fold);
    lap();
  };
  const run = async (): Promise<void> => {
    if (asks.length === 0) return;
    if (asks[0]!.after <= fold.position) {
      await ready();
      answerDue();
    }
    for await (const entries of source.read(fold.position)) {
      for (const { event, position } of entries) {
        if (next === asks.length) return;
        fold.apply(event, position);
        figures.events++;
        if (asks[next]!.after > position) continue;
        if (next === 0) await ready();
        answerDue();
      }
      options.onProgress?.({ events: figures.events, asked: next });
    }
  };
  await run();
  figures.foldMs += lap();
  return figures;
}

/** Asks for the list and tells the listener; false where the reader knew the item. */
function answer(ask: Ask, { engine, fold: { state }, scenario, snapshots, onAnswer }: ReplayOptions): boolean {
  const { target, now } = ask;
  if (state.position >= target.position) {
    const message = `the click at position ${target.position} is in the state, which stands at ${state.position}`;
    throw new ReplayError('TARGET_ALREADY_FOLDED', message);
  }
  const snapshot = snapshots.at(now);
  if (snapshot !== null && snapshot.dataUntil > now) {
    const times = `${new Date(snapshot.dataUntil).toISOString()}, the query is of ${new Date(now).toISOString()}`;
    throw new ReplayError('SNAPSHOT_FROM_FUTURE', `snapshot ${snapshot.id} knows data until ${times}`);
  }
  const item = state.items.find(target.itemId);
  const [user] = state.users.read([target.userId], state.position);
  if (item !== -1 && user?.history.item.includes(item)) return false;
  const inspection = engine.inspect(queryOf(ask, scenario), state, snapshot);
  onAnswer({ ask, inspection, state, snapshot, target: item });
  return true;
}

/** What a client would have sent. */
function queryOf({ target, now, sessionId, context }: Ask, scenario: Scenario): Query {
  return {
    id: `replay-${target.position}`,
    userId: target.userId,
    sessionId,
    seedItems: null,
    context,
    scenario,
    filter: null,
    now,
    size: SLATE_SIZE,
    startBudget: UNLIMITED,
  };
}
