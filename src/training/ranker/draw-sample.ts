/** What each tree is grown on: a share of the queries and of the features, by seed and number of the tree. */
import { seededRandom } from '../../math/random.js';
import { type RankerMemory } from './ranker-memory.js';
import { type RankerSettings } from './ranker-settings.js';
import { type Draw } from './ranker-task.js';

const [QUERIES, FEATURES] = [1, 2];

/** Writes the tree's queries, and all rows, theirs first, into the memory; no thread may be at work. */
export function drawSample({ drawn, rows, train, shape }: RankerMemory, settings: RankerSettings, tree: number): Draw {
  const queries = share(drawn.length, settings.rowFraction, [settings.seed, tree, QUERIES]);
  drawn.set(queries);
  const isDrawn = new Uint8Array(drawn.length);
  for (const query of queries) isDrawn[query] = 1;
  let [first, last] = [0, rows.length];
  for (let query = 0; query < drawn.length; query++)
    for (let row = train.starts[query]!; row < train.starts[query + 1]!; row++)
      rows[isDrawn[query] === 1 ? first++ : --last] = row;
  const features = share(shape.bins.length, settings.featureFraction, [settings.seed, tree, FEATURES]);
  return { tree, queries: queries.length, rows: first, features };
}

/** A share of the numbers below `count`, one at least, ascending. */
function share(count: number, fraction: number, seeds: number[]): Int32Array {
  const numbers = Int32Array.from({ length: count }, (_, at) => at);
  if (fraction === 1) return numbers;
  const random = seededRandom(...seeds);
  const wanted = Math.max(1, Math.round(count * fraction));
  for (let at = 0; at < wanted; at++) {
    const other = at + random.below(count - at);
    [numbers[at], numbers[other]] = [numbers[other]!, numbers[at]!];
  }
  return numbers.subarray(0, wanted).sort();
}
