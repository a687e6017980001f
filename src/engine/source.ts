/** The contract of a source, which retrieves candidates and can score any item, retrieved or not. */
import { type IndexMarks } from '../math/index-marks.js';
import { topK } from '../math/top-k.js';
import { type Budget } from '../pipeline/budget.js';
import { type Runner } from '../pipeline/runner.js';
import { type LiveState } from '../state/live-state.js';
import { type ResolvedQuery } from './query.js';
import { type Snapshot } from './snapshot.js';
import { type SourceName } from './stage-name.js';

/** What a stage works with: state and snapshot to read, and maps to use and empty. */
export interface World {
  readonly state: LiveState;
  readonly snapshot: Snapshot | null;
  readonly workspace: Workspace;
}

/** Maps over item and user indexes; a stage resets what it uses. What a source scores with stays its own until the next query. */
export interface Workspace {
  readonly candidates: IndexMarks;
  readonly users: IndexMarks;
  readonly scores: Readonly<Record<SourceName, IndexMarks>>;
}

export interface Retrieved {
  /** Item indexes, best first, each once. */
  readonly items: Int32Array;
  /** Probability-like score (0 to 1) that the source gives to any item; valid until the next query. */
  readonly score: (item: number) => number;
  /** Whether the budget ended the search early. */
  readonly cut: boolean;
}

export interface Source {
  readonly name: SourceName;
  /** At most `quota` items for the query. May throw: the slate then goes on without it. */
  retrieve(query: ResolvedQuery, world: World, limits: { readonly quota: number; readonly budget: Budget }): Retrieved;
}

/** Runs a source as a stage: null where the scenario has it off, the budget is over or it failed. */
export function retrieve(source: Source, query: ResolvedQuery, world: World, runner: Runner): Retrieved | null {
  const { name } = source;
  const { scenario } = query.query;
  if (query.weights.sources[name] === 0) return null;
  const retrieved = runner.optional<Retrieved | null>({
    stage: name,
    candidatesIn: 0,
    run: () => source.retrieve(query, world, { quota: scenario.quotas[name], budget: runner.budget }),
    count: (result) => result?.items.length ?? 0,
    otherwise: null,
    instead: 'the other sources fill the list',
  });
  if (retrieved?.cut === true)
    runner.degrade(name, 'BUDGET_EXCEEDED', 'cut short: the time for this request was over', null);
  return retrieved;
}

/** The `quota` best of the items by their scores; ties by item index, items with no score left out. */
export function bestItems(items: readonly number[], score: (item: number) => number, quota: number): Int32Array {
  const scores = scoreItems(items, score);
  const best = topK(scores, items.length, quota, items);
  let length = best.length;
  while (length > 0 && !(scores[best[length - 1]!]! > 0)) length--;
  const found = new Int32Array(length);
  for (let rank = 0; rank < length; rank++) found[rank] = items[best[rank]!]!;
  return found;
}

/** One score an item, in their order. */
export function scoreItems(items: ArrayLike<number>, score: (item: number) => number): Float64Array {
  // Float64Array.from(items, score), without its iterator.
  const scores = new Float64Array(items.length);
  for (let at = 0; at < items.length; at++) scores[at] = score(items[at]!);
  return scores;
}
