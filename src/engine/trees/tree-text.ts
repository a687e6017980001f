/** The lines of one tree in LightGBM's text format, in LightGBM's own order. */
import { type LinearLeaves, type Tree } from './tree-ensemble.js';

export function treeText(tree: Tree): string {
  const { categoryBoundaries, categoryBits, linear } = tree;
  const sets = Math.max(categoryBoundaries.length - 1, 0);
  return [
    `num_leaves=${tree.leaves}`,
    `num_cat=${sets}`,
    `split_feature=${list(tree.feature)}`,
    `split_gain=${list(tree.gain)}`,
    `threshold=${list(tree.threshold)}`,
    `decision_type=${list(tree.decision)}`,
    `left_child=${list(tree.left)}`,
    `right_child=${list(tree.right)}`,
    `leaf_value=${list(tree.leafValue)}`,
    `leaf_weight=${list(tree.leafWeight)}`,
    `leaf_count=${list(tree.leafCount)}`,
    `internal_value=${list(tree.splitValue)}`,
    `internal_weight=${list(tree.splitWeight)}`,
    `internal_count=${list(tree.splitCount)}`,
    ...(sets > 0 ? [`cat_boundaries=${list(categoryBoundaries)}`, `cat_threshold=${list(categoryBits)}`] : []),
    `is_linear=${linear === null ? 0 : 1}`,
    ...(linear === null ? [] : linearText(linear)),
    `shrinkage=${digits(tree.shrinkage)}`,
  ].join('\n');
}

function linearText({ constants, features, coefficients }: LinearLeaves): string[] {
  return [
    `leaf_const=${list(constants)}`,
    `num_features=${features.map(({ length }) => length).join(' ')}`,
    `leaf_features=${features.map(list).join(' ')}`,
    `leaf_coeff=${coefficients.map(list).join(' ')}`,
  ];
}

function list(numbers: Float64Array | Int32Array | Uint32Array | Uint8Array): string {
  return Array.from(numbers, digits).join(' ');
}

// The shortest digits that give the double back; they would lose the sign of a negative zero.
function digits(value: number): string {
  if (Math.abs(value) === Infinity) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
