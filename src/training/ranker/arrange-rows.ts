/**
 * The order in which a set's rows are trained and judged: queries as they come, the rows of each shuffled by seed. Equal
 * scores favour whoever stands first, and a set is often written with the clicked row first.
 */
import { seededRandom } from '../../math/random.js';
import { type RankerRows } from './ranker-rows.js';

export interface Arrangement {
  /** Row of the set at each place. */
  readonly rows: Int32Array;
  /** Place at which each kept query begins, and the number of places at the end. */
  readonly starts: Int32Array;
  /** The set's number of each kept query. */
  readonly queries: Int32Array;
  /** Rows of the longest query. */
  readonly longest: number;
}

/** @param onlyTelling leave out queries whose rows are all equally relevant: they say nothing about an order */
export function arrangeRows(
  { labels, starts }: RankerRows,
  { onlyTelling, seed }: { readonly onlyTelling: boolean; readonly seed: number },
): Arrangement {
  const queries = Int32Array.from({ length: starts.length - 1 }, (_, query) => query).filter((query) => {
    const own = labels.subarray(starts[query], starts[query + 1]);
    return own.length > 0 && (!onlyTelling || own.some((label) => label !== own[0]));
  });
  const placeOf = new Int32Array(queries.length + 1);
  let longest = 0;
  queries.forEach((query, at) => {
    const length = starts[query + 1]! - starts[query]!;
    placeOf[at + 1] = placeOf[at]! + length;
    longest = Math.max(longest, length);
  });
  const rows = new Int32Array(placeOf[queries.length]!);
  queries.forEach((query, at) => {
    const random = seededRandom(seed, query);
    const from = placeOf[at]!;
    const length = placeOf[at + 1]! - from;
    // Fisher and Yates, from the inside out.
    for (let row = 0; row < length; row++) {
      const other = random.below(row + 1);
      rows[from + row] = rows[from + other]!;
      rows[from + other] = starts[query]! + row;
    }
  });
  return { rows, starts: placeOf, queries, longest };
}
