/**
 * Where a row goes in a tree: LightGBM's own decisions on doubles. Unknown (NaN) is read as 0 where a split knows no missing
 * values; where zero is missing, unknown and |value| <= 1e-35 go the default way; where NaN is missing, NaN does.
 * Of a categorical split the set's categories go left; all else, NaN and negative included, goes right.
 */
import {
  CATEGORICAL,
  DEFAULT_LEFT,
  type FeatureMatrix,
  MISSING_NAN,
  MISSING_SHIFT,
  MISSING_ZERO,
  type Tree,
} from './tree-ensemble.js';

/** The largest value that counts as zero: 1e-35 as LightGBM holds it, a float32. */
export const LARGEST_ZERO = Math.fround(1e-35);

/** Whether a row with this value of the split's feature goes left. */
export function goesLeft(tree: Tree, split: number, value: number): boolean {
  const decision = tree.decision[split]!;
  if ((decision & CATEGORICAL) !== 0) return holdsCategory(tree, tree.threshold[split]!, value);
  const missing = decision >> MISSING_SHIFT;
  let known = value;
  if (known !== known) {
    if (missing === MISSING_NAN) return (decision & DEFAULT_LEFT) !== 0;
    known = 0;
  }
  if (missing === MISSING_ZERO && Math.abs(known) <= LARGEST_ZERO) return (decision & DEFAULT_LEFT) !== 0;
  return known <= tree.threshold[split]!;
}

function holdsCategory({ categoryBoundaries, categoryBits }: Tree, set: number, value: number): boolean {
  const category = Math.trunc(value);
  const from = categoryBoundaries[set]!;
  const words = categoryBoundaries[set + 1]! - from;
  // NaN fails too.
  if (!(category >= 0 && category < words * 32)) return false;
  return ((categoryBits[from + (category >>> 5)]! >>> (category & 31)) & 1) === 1;
}

/** The leaf that a row of the matrix falls into. */
export function findLeaf(tree: Tree, { rows, values }: FeatureMatrix, row: number): number {
  if (tree.leaves === 1) return 0;
  let node = 0;
  do {
    const value = values[tree.feature[node]! * rows + row]!;
    node = goesLeft(tree, node, value) ? tree.left[node]! : tree.right[node]!;
  } while (node >= 0);
  return ~node;
}
