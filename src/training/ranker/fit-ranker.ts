/**
 * Boosted trees that rank: LambdaMART (Burges 2010) and two simpler objectives, over histograms of binned features as in
 * LightGBM (Ke et al. 2017). The same rows, settings and seed give the same bytes, whatever the number of workers.
 * Rows of a query are shuffled by seed first, for equal scores would favour those that are written first.
 */
import { type TreeEnsemble } from '../../engine/trees/tree-ensemble.js';
import { TrainingError } from '../training-error.js';
import { type GrownTree } from './grown-tree.js';
import { checkRows, type RankerRows } from './ranker-rows.js';
import { RankerSession, type SessionOptions } from './ranker-session.js';
import { checkRankerSettings, type RankerSettings } from './ranker-settings.js';
import { type Phases } from './ranker-task.js';
import { gainsOf, treeEnsembleOf } from './tree-ensemble-of.js';
import { meanNdcg } from './validation-ndcg.js';

export interface FittedRanker {
  readonly ensemble: TreeEnsemble;
  /** Trees kept: those up to the best validation NDCG. */
  readonly trees: number;
  /** Mean NDCG@10 of the validation queries with a relevant row and one that is less so, after each tree grown. */
  readonly validation: readonly number[];
  /** Sum of the gains of each feature's splits in the trees kept. */
  readonly gainOf: Float64Array;
  readonly timing: RankerTiming;
}

/** Milliseconds: of the wall to sort rows into bins and to grow all trees, and of all threads together within the latter. */
export interface RankerTiming extends Readonly<Phases> {
  readonly binMs: number;
  readonly treesMs: number;
}

export interface RankerProgress {
  readonly trees: number;
  readonly ndcg: number | null;
}

export interface FitRankerOptions extends SessionOptions {
  readonly onProgress?: ((progress: RankerProgress) => void) | undefined;
}

/**
 * Queries whose rows are all equally relevant are left out, but for log loss; columns that never vary are ignored.
 * @param validation later queries: judged after each tree, and the fit ends when they stop getting better
 * @throws TrainingError, or the signal's reason
 */
export async function fitRanker(
  train: RankerRows,
  validation: RankerRows | null,
  settings: RankerSettings,
  options: FitRankerOptions,
): Promise<FittedRanker> {
  checkRankerSettings(settings);
  checkRows(train);
  if (validation !== null) checkValidation(train, validation);
  const from = performance.now();
  const session = await RankerSession.open({ train, validation }, settings, options);
  const binned = performance.now();
  const { trees, ndcg } = await boost(session, settings, options);
  const kept = ndcg.length === 0 ? trees.length : ndcg.indexOf(Math.max(...ndcg)) + 1;
  const grown = {
    featureNames: train.featureNames,
    features: session.features,
    settings,
    trees: trees.slice(0, kept),
    initialScore: session.initialScore,
  };
  const timing = { binMs: binned - from, treesMs: performance.now() - binned, ...session.phases };
  return { ensemble: treeEnsembleOf(grown), trees: kept, validation: ndcg, gainOf: gainsOf(grown), timing };
}

async function boost(
  session: RankerSession,
  settings: RankerSettings,
  { onProgress }: FitRankerOptions,
): Promise<{ readonly trees: readonly GrownTree[]; readonly ndcg: readonly number[] }> {
  const trees: GrownTree[] = [];
  const ndcg: number[] = [];
  const { earlyStoppingRounds, featureFraction, rowFraction } = settings;
  let best = 0;
  for (let round = 0; round < settings.trees; round++) {
    const tree = await session.grow(round);
    if (tree.splits.length === 0 && trees.length > 0) {
      // Another sample may still have a split, the same rows have none.
      if (featureFraction === 1 && rowFraction === 1) break;
      continue;
    }
    trees.push(tree);
    const score = meanNdcg(session.memory);
    if (score !== null) ndcg.push(score);
    onProgress?.({ trees: trees.length, ndcg: score });
    if (score === null) continue;
    if (score > ndcg[best]!) best = ndcg.length - 1;
    if (earlyStoppingRounds > 0 && ndcg.length - 1 - best >= earlyStoppingRounds) break;
  }
  return { trees, ndcg };
}

function checkValidation(train: RankerRows, validation: RankerRows): void {
  checkRows(validation);
  const [expected, found] = [train.featureNames.join(), validation.featureNames.join()];
  if (found === expected) return;
  throw new TrainingError('BAD_TRAINING_SET', `the validation set has the features ${found}, expected ${expected}`);
}
