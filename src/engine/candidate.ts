/**
 * Candidates of one query as columns: items in the order in which they were found, and for each source its score of every
 * candidate, whoever retrieved it, and its rank of those that it retrieved itself.
 */
import { type IndexMarks } from '../math/index-marks.js';
import { type Retrieved, scoreItems } from './source.js';

export interface Candidates {
  readonly count: number;
  /** Item index of each candidate. */
  readonly items: Int32Array;
  /** By source, in the engine's order: probability-like score of each candidate; 0 where the source has nothing to say. */
  readonly scores: readonly Float64Array[];
  /** By source: rank among what it retrieved, from 1; 0 where it did not. */
  readonly ranks: readonly Int32Array[];
}

/** All items that any source retrieved, each once, in the order of the sources and their ranks. */
export function merge(retrieved: readonly (Retrieved | null)[], itemCount: number, marks: IndexMarks): Int32Array {
  marks.reset(itemCount);
  const items: number[] = [];
  for (const source of retrieved) {
    for (const item of source?.items ?? []) {
      if (marks.has(item)) continue;
      marks.set(item, items.length);
      items.push(item);
    }
  }
  return Int32Array.from(items);
}

/** Scores of every source for every item, and its ranks; `marks` is used and emptied. */
export function scoreCandidates(
  items: Int32Array,
  retrieved: readonly (Retrieved | null)[],
  itemCount: number,
  marks: IndexMarks,
): Candidates {
  marks.reset(itemCount);
  items.forEach((item, place) => marks.set(item, place));
  const ranks = retrieved.map((source) => {
    const column = new Int32Array(items.length);
    source?.items.forEach((item, at) => {
      if (marks.has(item)) column[marks.get(item, 0)] = at + 1;
    });
    return column;
  });
  const scores = retrieved.map((source) =>
    source === null ? new Float64Array(items.length) : scoreItems(items, source.score),
  );
  return { count: items.length, items, scores, ranks };
}

/** Some of the candidates, by their places, in that order. */
export function pick({ items, scores, ranks }: Candidates, places: Int32Array): Candidates {
  const column = <Column extends Int32Array | Float64Array>(from: Column): Column => {
    const to = new (from.constructor as new (length: number) => Column)(places.length);
    for (let at = 0; at < places.length; at++) to[at] = from[places[at]!]!;
    return to;
  };
  return { count: places.length, items: column(items), scores: scores.map(column), ranks: ranks.map(column) };
}
