/**
 * A tree as the edges below its root, each behind its parent, with what tree-path-dependent SHAP values need of a path: which
 * share of the rows that a feature's splits have met so far it lets through, and where the feature was met before.
 */
import { RankerError } from './ranker-error.js';
import { type Tree } from './tree-ensemble.js';

export const NONE = -1;

export interface TreeEdges {
  readonly count: number;
  /** The edge that leads to this edge's split, or NONE at the root. */
  readonly parent: Int32Array;
  readonly split: Int32Array;
  readonly isLeft: Uint8Array;
  /** The leaf it ends in, or NONE. */
  readonly leaf: Int32Array;
  readonly feature: Int32Array;
  /** The nearest edge above of the same feature, or NONE. */
  readonly earlier: Int32Array;
  /** Share of the split's rows that go this way, and the product of such shares over the feature's edges so far. */
  readonly ownShare: Float64Array;
  readonly share: Float64Array;
  /** Most different features on a path. */
  readonly depth: number;
}

/** @throws RankerError RANKER_CORRUPT where a split has no rows: shares of none are not defined */
export function treeEdges(tree: Tree, index: number): TreeEdges {
  const { left, right, leafCount, splitCount } = tree;
  const count = 2 * (tree.leaves - 1);
  const parent = new Int32Array(count);
  const split = new Int32Array(count);
  const isLeft = new Uint8Array(count);
  const leaf = new Int32Array(count);
  const feature = new Int32Array(count);
  const earlier = new Int32Array(count);
  const ownShare = new Float64Array(count);
  const share = new Float64Array(count);
  const features = new Int32Array(count);
  // Splits whose edges are still to come, with the edge that leads there.
  const open: [split: number, edge: number][] = count > 0 ? [[0, NONE]] : [];
  let edge = 0;
  while (open.length > 0) {
    const [from, above] = open.pop()!;
    if (splitCount[from] === 0) {
      throw new RankerError(
        'RANKER_CORRUPT',
        `tree ${index}: expected rows in internal_count of split ${from}, found 0`,
      );
    }
    let before = above;
    while (before !== NONE && feature[before] !== tree.feature[from]) before = parent[before]!;
    for (const child of [left[from]!, right[from]!]) {
      parent[edge] = above;
      split[edge] = from;
      isLeft[edge] = child === left[from] ? 1 : 0;
      leaf[edge] = child < 0 ? ~child : NONE;
      feature[edge] = tree.feature[from]!;
      earlier[edge] = before;
      ownShare[edge] = (child < 0 ? leafCount[~child]! : splitCount[child]!) / splitCount[from]!;
      share[edge] = ownShare[edge]! * (before === NONE ? 1 : share[before]!);
      features[edge] = (above === NONE ? 0 : features[above]!) + (before === NONE ? 1 : 0);
      if (child >= 0) open.push([child, edge]);
      edge++;
    }
  }
  const depth = features.reduce((most, each) => Math.max(most, each), 0);
  return { count, parent, split, isLeft, leaf, feature, earlier, ownShare, share, depth };
}
