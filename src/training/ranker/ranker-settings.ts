/** Settings of one fit of boosted ranking trees; what LightGBM has too means the same there. */
import { checkSettings, type SettingRule, TrainingError } from '../training-error.js';

/**
 * What the trees lower: LambdaRank's NDCG (Burges 2010), the cross entropy of softmax scores with relevance (Bruch et al.
 * 2021), or the log loss of relevance above 0, row by row.
 */
export const OBJECTIVES = ['lambdarank', 'xendcg', 'logloss'] as const;
export type Objective = (typeof OBJECTIVES)[number];

export interface RankerSettings {
  readonly objective: Objective;
  /** At most; early stopping ends sooner. */
  readonly trees: number;
  readonly learningRate: number;
  /** Of a tree, at most. */
  readonly leaves: number;
  readonly minRowsInLeaf: number;
  /** Sum of second derivatives. */
  readonly minHessianInLeaf: number;
  readonly l2: number;
  /** Share of the features that each tree may use, drawn for each. */
  readonly featureFraction: number;
  /**
   * Share of the queries, whole ones, that each tree is grown on, drawn for each: gradients of the others aren't computed,
   * which sampling rows one by one would need.
   */
  readonly rowFraction: number;
  /** Of a feature, at most, the one of missing values among them. */
  readonly bins: number;
  /** LambdaRank: of a pair of rows one at least has to rank among so many first. */
  readonly truncation: number;
  /** LambdaRank: weigh pairs by nearness of scores, and queries less than in proportion to their pairs. */
  readonly normalise: boolean;
  /** Trees without a better validation NDCG before the fit ends; 0: never. */
  readonly earlyStoppingRounds: number;
  readonly seed: number;
}

export const DEFAULT_RANKER_SETTINGS: RankerSettings = {
  objective: 'lambdarank',
  trees: 300,
  learningRate: 0.06,
  leaves: 47,
  minRowsInLeaf: 100,
  minHessianInLeaf: 1e-3,
  l2: 5,
  featureFraction: 0.5,
  rowFraction: 0.8,
  bins: 255,
  truncation: 20,
  normalise: true,
  earlyStoppingRounds: 30,
  seed: 1,
};

const whole = (least: number, most = Infinity): ((value: number) => boolean) => {
  return (value) => Number.isInteger(value) && value >= least && value <= most;
};
const isShare = (value: number): boolean => value > 0 && value <= 1;

const RULES: readonly SettingRule<RankerSettings>[] = [
  ['trees', whole(1), 'a whole number from 1'],
  ['learningRate', (value) => value > 0 && value < Infinity, 'a number above 0'],
  ['leaves', whole(2, 4096), 'a whole number from 2 to 4096'],
  ['minRowsInLeaf', whole(1), 'a whole number from 1'],
  ['minHessianInLeaf', (value) => value >= 0 && value < Infinity, 'a number from 0'],
  ['l2', (value) => value >= 0 && value < Infinity, 'a number from 0'],
  ['featureFraction', isShare, 'a number above 0, at most 1'],
  ['rowFraction', isShare, 'a number above 0, at most 1'],
  ['bins', whole(2, 255), 'a whole number from 2 to 255'],
  ['truncation', whole(1), 'a whole number from 1'],
  ['earlyStoppingRounds', whole(0), 'a whole number from 0'],
  ['seed', Number.isSafeInteger, 'a whole number'],
];

/** @throws TrainingError naming the first setting that can't be used */
export function checkRankerSettings(settings: RankerSettings): void {
  checkSettings(settings, RULES);
  if (OBJECTIVES.includes(settings.objective)) return;
  throw new TrainingError(
    'BAD_TRAINING_SETTING',
    `objective=${settings.objective}: allowed is ${OBJECTIVES.join(', ')}`,
  );
}
