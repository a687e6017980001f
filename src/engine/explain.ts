/**
 * Why an item stands where it does, in numbers and in words: computed only when somebody asks, from what the slate kept.
 * Where a learned ranker made the order its features speak, else the sources of the blend. Base score and weights add up
 * to the score.
 */
import { type LiveState } from '../state/live-state.js';
import { BLEND_BASE_SCORE, blendReasons } from './explanation/blend-reasons.js';
import { type FeatureContribution, learnedReasons, learnedScore } from './explanation/learned-reasons.js';
import { type Reason, reason } from './explanation/reason.js';
import { type RankerModel } from './ranker-model.js';
import { type Slate } from './slate.js';

export interface Explanation {
  readonly text: string;
  /** What the score would be with no evidence; null where nobody can tell any more. */
  readonly baseScore: number | null;
  /** Heaviest first. */
  readonly reasons: readonly Reason[];
  /** Inputs of the learned ranker; empty where the blend made the order, or the ranker is no longer at hand. */
  readonly features: readonly FeatureContribution[];
}

/** Reasons that the one sentence names. */
const NAMED = 2;

/**
 * Explains the item at this index of the slate (from 0). `model` is the ranker of the slate's snapshot; null where that is
 * no longer at hand: a ranked slate then has one reason for the whole score, and so has one of linear leaves.
 */
export function explain(slate: Slate, index: number, state: LiveState, model: RankerModel | null): Explanation {
  const { baseScore, reasons, features } = partsOf(slate, index, state, model);
  if (index >= slate.backfilledFrom) reasons.push(reason('BACKFILL', 0, 'fills the list'));
  reasons.sort((a, b) => b.weight - a.weight);
  const sentence = reasons
    .filter(({ weight }) => weight >= 0)
    .slice(0, NAMED)
    .map(({ text }) => text)
    .join('; ');
  const text = sentence === '' ? '' : `${sentence[0]!.toUpperCase()}${sentence.slice(1)}.`;
  return { text, baseScore, reasons, features };
}

type Parts = Pick<Explanation, 'baseScore' | 'features'> & { readonly reasons: Reason[] };

function partsOf(slate: Slate, index: number, state: LiveState, model: RankerModel | null): Parts {
  if (slate.ranker === null)
    return { baseScore: BLEND_BASE_SCORE, reasons: blendReasons(slate, index, state), features: [] };
  const learned = model === null ? null : learnedScore(slate, index, state, model);
  if (learned === null) {
    const why = model === null ? 'that is not in use here' : 'that does not say why';
    return {
      baseScore: null,
      reasons: [reason('RANKER', slate.scores[index]!, `put here by a model ${why}`)],
      features: [],
    };
  }
  return {
    baseScore: learned.base,
    reasons: learnedReasons(slate, index, state, learned),
    features: learned.features,
  };
}
