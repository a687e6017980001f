/** Writes grown trees down as an ensemble over the features' values. */
import {
  DEFAULT_LEFT,
  MISSING_NAN,
  MISSING_NONE,
  MISSING_SHIFT,
  type Tree,
  type TreeEnsemble,
} from '../../engine/trees/tree-ensemble.js';
import { type FeatureBins, thresholdOf } from './feature-bins.js';
import { leafValue } from './grow-tree.js';
import { type GrownTree } from './grown-tree.js';
import { type Objective, type RankerSettings } from './ranker-settings.js';

/** As LightGBM names them. */
const NAMES: Record<Objective, string> = {
  lambdarank: 'lambdarank',
  xendcg: 'rank_xendcg',
  logloss: 'binary sigmoid:1',
};

export interface GrownEnsemble {
  readonly featureNames: readonly string[];
  /** Features in use. */
  readonly features: readonly FeatureBins[];
  readonly settings: RankerSettings;
  readonly trees: readonly GrownTree[];
  /** Score that the first tree starts from. */
  readonly initialScore: number;
}

export function treeEnsembleOf({ featureNames, features, settings, trees, initialScore }: GrownEnsemble): TreeEnsemble {
  const infos = featureNames.map(() => 'none');
  for (const { feature, least, most } of features) infos[feature] = `[${least}:${most}]`;
  return {
    objective: NAMES[settings.objective],
    featureNames,
    featureInfos: infos,
    trees: trees.map((tree, at) => treeOf(tree, features, settings, at === 0 ? initialScore : 0)),
  };
}

/** Sum of the gains of each column's splits. */
export function gainsOf({ featureNames, features, trees }: GrownEnsemble): Float64Array {
  const gains = new Float64Array(featureNames.length);
  for (const { splits } of trees) for (const { feature, gain } of splits) gains[features[feature]!.feature]! += gain;
  return gains;
}

function treeOf(
  { splits, leaves }: GrownTree,
  features: readonly FeatureBins[],
  { l2, learningRate }: RankerSettings,
  added: number,
): Tree {
  const ofSplit = splits.map((split) => ({ ...split, bins: features[split.feature]! }));
  return {
    leaves: leaves.length,
    feature: Int32Array.from(ofSplit, ({ bins }) => bins.feature),
    threshold: Float64Array.from(ofSplit, ({ bins, bin }) => thresholdOf(bins, bin)),
    decision: Uint8Array.from(ofSplit, ({ bins, missingLeft }) => decisionOf(bins.hasMissing, missingLeft)),
    left: Int32Array.from(splits, ({ left }) => left),
    right: Int32Array.from(splits, ({ right }) => right),
    gain: Float64Array.from(splits, ({ gain }) => gain),
    splitValue: Float64Array.from(splits, (split) => leafValue(split, l2, learningRate) + added),
    splitWeight: Float64Array.from(splits, ({ hessians }) => hessians),
    splitCount: Float64Array.from(splits, ({ rows }) => rows),
    leafValue: Float64Array.from(leaves, ({ value }) => value + added),
    leafWeight: Float64Array.from(leaves, ({ hessians }) => hessians),
    leafCount: Float64Array.from(leaves, ({ rows }) => rows),
    categoryBoundaries: new Int32Array(0),
    categoryBits: new Uint32Array(0),
    shrinkage: learningRate,
    linear: null,
  };
}

function decisionOf(hasMissing: boolean, missingLeft: boolean): number {
  return ((hasMissing ? MISSING_NAN : MISSING_NONE) << MISSING_SHIFT) | (missingLeft ? DEFAULT_LEFT : 0);
}
