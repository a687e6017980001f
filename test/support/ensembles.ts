/** Small rankers made by hand: each tree one split, so that what they say can be told in the head. */
import { RankerModel } from '../../src/engine/ranker-model.js';
import { type Snapshot } from '../../src/engine/snapshot.js';
import { MISSING_NAN, MISSING_SHIFT, type Tree, type TreeEnsemble } from '../../src/engine/trees/tree-ensemble.js';
import { NOON } from './state.js';

export interface Stump {
  readonly feature: string;
  readonly threshold: number;
  /** Score of what is at most the threshold, and of what is above it or not known; and how many rows fell to each side. */
  readonly low: number;
  readonly high: number;
  readonly counts?: readonly [low: number, high: number];
}

/** One tree a stump; the features are those named, in the order in which a list of all has them. */
export function ensembleOf(stumps: readonly Stump[], featureNames: readonly string[]): TreeEnsemble {
  return {
    objective: 'lambdarank',
    featureNames,
    featureInfos: featureNames.map(() => '[-1000:1000]'),
    trees: stumps.map((stump) => treeOf(stump, featureNames.indexOf(stump.feature))),
  };
}

function treeOf({ threshold, low, high, counts = [1, 1] }: Stump, feature: number): Tree {
  const total = counts[0] + counts[1];
  return {
    leaves: 2,
    feature: Int32Array.of(feature),
    threshold: Float64Array.of(threshold),
    decision: Uint8Array.of(MISSING_NAN << MISSING_SHIFT),
    left: Int32Array.of(-1),
    right: Int32Array.of(-2),
    gain: Float64Array.of(1),
    splitValue: Float64Array.of((low * counts[0] + high * counts[1]) / (total || 1)),
    splitWeight: Float64Array.of(total),
    splitCount: Float64Array.of(total),
    leafValue: Float64Array.of(low, high),
    leafWeight: Float64Array.of(...counts),
    leafCount: Float64Array.of(...counts),
    categoryBoundaries: new Int32Array(0),
    categoryBits: new Uint32Array(0),
    shrinkage: 1,
    linear: null,
  };
}

/** A snapshot of nothing but this ranker. */
export function rankedBy(ensemble: TreeEnsemble, rest: Partial<Snapshot> = {}): Snapshot {
  const ranker = new RankerModel(ensemble);
  return { id: 'ranked', createdAt: NOON, dataUntil: NOON, metrics: {}, weights: null, als: null, ranker, ...rest };
}
