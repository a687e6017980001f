/**
 * Raw scores by walking down every tree: the way for one row or a few, for categorical splits and linear leaves, and the
 * oracle of the compiled way. Sums are doubles in the order of the trees, as in LightGBM, whose scores these are to the bit.
 */
import { findLeaf } from './find-leaf.js';
import { type FeatureMatrix, type LinearLeaves, type Tree, type TreeEnsemble } from './tree-ensemble.js';

/** Adds to scores[row] what the trees say of each row. */
export function addPlainScores({ trees }: TreeEnsemble, matrix: FeatureMatrix, scores: Float64Array): void {
  for (const tree of trees) {
    for (let row = 0; row < matrix.rows; row++)
      scores[row]! += leafOutput(tree, findLeaf(tree, matrix, row), matrix, row);
  }
}

function leafOutput({ linear, leafValue }: Tree, leaf: number, matrix: FeatureMatrix, row: number): number {
  return linear === null ? leafValue[leaf]! : (linearOutput(linear, leaf, matrix, row) ?? leafValue[leaf]!);
}

// Null where one of the leaf's features is unknown.
function linearOutput(
  { constants, features, coefficients }: LinearLeaves,
  leaf: number,
  { rows, values }: FeatureMatrix,
  row: number,
): number | null {
  let output = constants[leaf]!;
  const slopes = coefficients[leaf]!;
  for (const [at, feature] of features[leaf]!.entries()) {
    const value = values[feature * rows + row]!;
    if (value !== value) return null;
    output += slopes[at]! * value;
  }
  return output;
}
