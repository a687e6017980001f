/** Training sets of ranking with a known answer, seeded. */
import { type RankerSettings } from '../../src/training/ranker/ranker-settings.js';
import { type Tree, type TreeEnsemble } from '../../src/engine/trees/tree-ensemble.js';
import { type Random, seededRandom } from '../../src/math/random.js';
import { type RankerRows } from '../../src/training/ranker/ranker-rows.js';

/** A set from its features: `valueOf(query, row, random)` gives a row's values, `labelsOf` the labels of a query's rows. */
export function rankerRows(
  { queries, rows, seed = 1 }: { readonly queries: number; readonly rows: number; readonly seed?: number },
  valuesOf: (random: Random, query: number, row: number) => readonly number[],
  labelsOf: (values: readonly (readonly number[])[], random: Random) => readonly number[],
): RankerRows {
  const random = seededRandom(seed);
  const [table, labels]: [number[][], number[]] = [[], []];
  for (let query = 0; query < queries; query++) {
    const own = Array.from({ length: rows }, (_, row) => [...valuesOf(random, query, row)]);
    table.push(...own);
    labels.push(...labelsOf(own, random));
  }
  const width = table[0]!.length;
  return {
    featureNames: Array.from({ length: width }, (_, feature) => `f${feature}`),
    rows: table.length,
    values: Float32Array.from({ length: width * table.length }, (_, at) => {
      return table[at % table.length]![Math.floor(at / table.length)]!;
    }),
    labels: Uint8Array.from(labels),
    starts: Int32Array.from({ length: queries + 1 }, (_, query) => query * rows),
    weights: null,
  };
}

export const WORLD_FEATURES = 24;

/**
 * Queries with a context of three features and rows of counts, waits and normal numbers; utility bends, steps and crosses
 * with the context, a random part hides some of it, and the one to four most useful rows are relevant, the best one twice.
 */
export function utilityWorld(queries: number, rows: number, seed: number): RankerRows {
  const values = new Float32Array(queries * rows * WORLD_FEATURES);
  const labels = new Uint8Array(queries * rows);
  const random = seededRandom(seed);
  const utilities = new Float64Array(rows);
  const row = new Float64Array(WORLD_FEATURES);
  for (let query = 0; query < queries; query++) {
    const context = [random.normal(), random.normal(), random.normal()];
    for (let at = 0; at < rows; at++) {
      for (let feature = 0; feature < WORLD_FEATURES; feature++) {
        if (feature < 3) row[feature] = context[feature]!;
        else if (feature < 8) row[feature] = -Math.log(random.next() + 1e-6);
        else row[feature] = feature < 12 ? random.below(12) : random.normal();
        values[feature * queries * rows + query * rows + at] = row[feature]!;
      }
      const crossed = 0.8 * row[13]! * Math.sign(row[0]!) + 0.4 * row[15]! * row[16]!;
      const bent = Math.sin(2 * row[14]!) + 0.5 * Math.min(row[3]!, 3) + (row[8]! > 6 ? 0.7 : 0);
      utilities[at] = 1.2 * row[12]! + crossed + bent - Math.log(-Math.log(random.next() + 1e-9));
    }
    const best = [...utilities.keys()].sort((a, b) => utilities[b]! - utilities[a]!);
    const relevant = 1 + random.below(4);
    for (let rank = 0; rank < relevant; rank++) labels[query * rows + best[rank]!] = rank === 0 ? 2 : 1;
  }
  return {
    featureNames: Array.from({ length: WORLD_FEATURES }, (_, feature) => `f${feature}`),
    rows: queries * rows,
    values,
    labels,
    starts: Int32Array.from({ length: queries + 1 }, (_, query) => query * rows),
    weights: null,
  };
}

/** The raw score of each row. */
export function scoresOf({ trees }: TreeEnsemble, { rows, values }: Pick<RankerRows, 'rows' | 'values'>): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) =>
    trees.reduce((sum, tree) => sum + tree.leafValue[leafOf(tree, (feature) => values[feature * rows + row]!)]!, 0),
  );
}

/** The leaf that a row falls into, by the letter of LightGBM's decisions on numbers. */
export function leafOf(tree: Tree, valueOf: (feature: number) => number): number {
  let node = tree.leaves === 1 ? ~0 : 0;
  while (node >= 0) {
    let value = valueOf(tree.feature[node]!);
    const [missing, missingLeft] = [tree.decision[node]! >> 2, (tree.decision[node]! & 2) !== 0];
    if (Number.isNaN(value) && missing !== 2) value = 0;
    const left = Number.isNaN(value) ? missingLeft : value <= tree.threshold[node]!;
    node = left ? tree.left[node]! : tree.right[node]!;
  }
  return ~node;
}

/** Mean NDCG@k of the queries with a relevant row, by the definition; equal scores share the mean of their ranks' discounts. */
export function ndcgOf({ labels, starts }: RankerRows, scores: Float64Array, k = 10): number {
  const discounts = (rank: number): number => (rank < k ? 1 / Math.log2(rank + 2) : 0);
  let [sum, judged] = [0, 0];
  for (let query = 0; query + 1 < starts.length; query++) {
    const rows = Array.from({ length: starts[query + 1]! - starts[query]! }, (_, row) => starts[query]! + row);
    const ideal = rows
      .map((row) => 2 ** labels[row]! - 1)
      .sort((a, b) => b - a)
      .reduce((total, gain, rank) => total + gain * discounts(rank), 0);
    if (ideal === 0) continue;
    judged++;
    rows.sort((a, b) => scores[b]! - scores[a]!);
    let dcg = 0;
    for (let from = 0, to = 0; from < rows.length; from = to) {
      let shared = 0;
      for (to = from; to < rows.length && scores[rows[to]!] === scores[rows[from]!]; to++) shared += discounts(to);
      for (let at = from; at < to; at++) dcg += ((2 ** labels[rows[at]!]! - 1) * shared) / (to - from);
    }
    sum += dcg / ideal;
  }
  return sum / judged;
}

/** LightGBM's own defaults. */
export const PLAIN_SETTINGS: RankerSettings = {
  objective: 'lambdarank',
  trees: 100,
  learningRate: 0.1,
  leaves: 31,
  minRowsInLeaf: 20,
  minHessianInLeaf: 1e-3,
  l2: 0,
  featureFraction: 1,
  rowFraction: 1,
  bins: 255,
  truncation: 30,
  normalise: true,
  earlyStoppingRounds: 30,
  seed: 1,
};
