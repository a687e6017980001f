/** Random ensembles with every kind of split, grown as LightGBM grows them, and rows that fall on and beside their thresholds. */
import { type Random } from '../../src/math/random.js';
import {
  CATEGORICAL,
  DEFAULT_LEFT,
  type FeatureMatrix,
  type LinearLeaves,
  MISSING_SHIFT,
  type Tree,
  type TreeEnsemble,
} from '../../src/engine/trees/tree-ensemble.js';

export interface TreeShape {
  readonly trees: number;
  /** At most: each tree draws its own number. */
  readonly leaves: number;
  readonly width: number;
  readonly categorical?: boolean;
  readonly linear?: boolean;
  /** Different thresholds of a feature; more than ranks of eight bits can tell apart where large. */
  readonly thresholds?: number;
  /** Always this many leaves. */
  readonly exact?: boolean;
}

const SPECIAL = [NaN, 0, -0, 1e-36, -1e-36, 2e-35, Infinity, -Infinity];

export function randomEnsemble(random: Random, shape: TreeShape): TreeEnsemble {
  return {
    objective: 'lambdarank',
    featureNames: Array.from({ length: shape.width }, (_, feature) => `feature_${feature}`),
    featureInfos: Array.from({ length: shape.width }, () => '[-1:1]'),
    trees: Array.from({ length: shape.trees }, () => randomTree(random, shape)),
  };
}

/** Values from the thresholds' own grid, and some that are missing, zero or infinite. */
export function randomRows(random: Random, rows: number, { width, thresholds = 20 }: TreeShape): FeatureMatrix {
  const values = Float32Array.from({ length: rows * width }, () => {
    if (random.next() < 0.15) return SPECIAL[random.below(SPECIAL.length)]!;
    return gridValue(random, thresholds) + (random.next() < 0.3 ? 1e-7 : 0);
  });
  return { rows, width, values };
}

function gridValue(random: Random, thresholds: number): number {
  return (random.below(thresholds) - (thresholds >> 1)) / 7;
}

function randomTree(random: Random, shape: TreeShape): Tree {
  const leaves = shape.exact ? shape.leaves : 1 + random.below(shape.leaves);
  const splits = leaves - 1;
  const [left, right] = [new Int32Array(splits), new Int32Array(splits)];
  const [leafCount, splitCount] = [new Float64Array(leaves), new Float64Array(splits)];
  leafCount[0] = 20 * leaves + random.below(1000);
  // Where the link to each leaf stands.
  const links: { of: Int32Array; at: number }[] = [];
  for (let split = 0; split < splits; split++) {
    let leaf = random.below(split + 1);
    // Every leaf keeps a row of its own.
    while (leafCount[leaf]! < 2) leaf = (leaf + 1) % (split + 1);
    const link = links[leaf];
    if (link !== undefined) link.of[link.at] = split;
    [left[split], right[split]] = [~leaf, ~(split + 1)];
    links[leaf] = { of: left, at: split };
    links[split + 1] = { of: right, at: split };
    splitCount[split] = leafCount[leaf]!;
    leafCount[split + 1] = 1 + random.below(leafCount[leaf]! - 1);
    leafCount[leaf]! -= leafCount[split + 1]!;
  }
  const decision = Uint8Array.from({ length: splits }, () => randomDecision(random, shape));
  const sets = decision.filter((bits) => (bits & CATEGORICAL) !== 0).length;
  let set = 0;
  const numbers = (length: number): Float64Array => Float64Array.from({ length }, () => random.normal() * 0.1);
  return {
    leaves,
    feature: Int32Array.from({ length: splits }, () => random.below(shape.width)),
    threshold: Float64Array.from(decision, (bits) =>
      (bits & CATEGORICAL) !== 0 ? set++ : randomThreshold(random, shape.thresholds ?? 20),
    ),
    decision,
    left,
    right,
    gain: Float64Array.from({ length: splits }, () => random.next()),
    splitValue: numbers(splits),
    splitWeight: splitCount.slice(),
    splitCount,
    leafValue: numbers(leaves),
    leafWeight: leafCount.slice(),
    leafCount,
    categoryBoundaries: Int32Array.from({ length: sets === 0 ? 0 : sets + 1 }, (_, at) => 2 * at),
    categoryBits: Uint32Array.from({ length: 2 * sets }, () => random.below(2 ** 32)),
    shrinkage: 0.1,
    linear: shape.linear ? randomLeaves(random, leaves, shape.width) : null,
  };
}

function randomDecision(random: Random, { categorical = false }: TreeShape): number {
  if (categorical && random.next() < 0.3) return CATEGORICAL | (random.below(3) << MISSING_SHIFT);
  return (random.next() < 0.5 ? DEFAULT_LEFT : 0) | (random.below(3) << MISSING_SHIFT);
}

function randomThreshold(random: Random, thresholds: number): number {
  const kind = random.next();
  if (kind < 0.02) return Infinity;
  if (kind < 0.04) return [1e300, -1e300, 1e-35, 0, -0][random.below(5)]!;
  // Some are no float32.
  return gridValue(random, thresholds);
}

function randomLeaves(random: Random, leaves: number, width: number): LinearLeaves {
  const features = Array.from({ length: leaves }, () =>
    Int32Array.from({ length: random.below(3) }, () => random.below(width)),
  );
  return {
    constants: Float64Array.from({ length: leaves }, () => random.normal()),
    features,
    coefficients: features.map(({ length }) => Float64Array.from({ length }, () => random.normal())),
  };
}
