/**
 * Reasons of a learned score: the exact contributions of the features, joined by what a reader would call them. Some of
 * them take away; base score and weights add up to the score.
 */
import { type LiveState } from '../../state/live-state.js';
import { type Feature, type FeatureReason } from '../features/feature.js';
import { type RankerModel } from '../ranker-model.js';
import { type Slate } from '../slate.js';
import { blendReasons, readParts } from './blend-reasons.js';
import { type Reason, readText, reason, scopeText } from './reason.js';

const DAY_MS = 86_400_000;

type WordedReason = Exclude<FeatureReason, { readonly kind: 'BLEND' }>;

/** One input of the ranker for one item, and how much it moved the score. */
export interface FeatureContribution {
  readonly feature: Feature;
  /** NaN where it was not known. */
  readonly value: number;
  readonly contribution: number;
}

export interface LearnedScore {
  readonly base: number;
  readonly features: readonly FeatureContribution[];
}

/** What moved the score of the item at this index of a slate that the model ordered; null where the model can't tell. */
export function learnedScore(slate: Slate, index: number, state: LiveState, model: RankerModel): LearnedScore | null {
  const features = model.features(state.settings);
  const width = features.length;
  const row = slate.ranker!.features.subarray(index * width, (index + 1) * width);
  const contributions = model.contributions(row);
  if (contributions === null) return null;
  const { base, values } = contributions;
  return {
    base,
    features: features.map((feature, at) => ({ feature, value: row[at]!, contribution: values[at]! })),
  };
}

export function learnedReasons(slate: Slate, index: number, state: LiveState, { features }: LearnedScore): Reason[] {
  const weights = new Map<string, { because: FeatureReason; weight: number }>();
  for (const { feature, contribution } of features) {
    if (contribution === 0) continue;
    const because = feature.reason;
    const key = JSON.stringify(because);
    const known = weights.get(key);
    if (known === undefined) weights.set(key, { because, weight: contribution });
    else known.weight += contribution;
  }
  const reasons = [...weights.values()].flatMap(({ because, weight }) =>
    because.kind === 'BLEND'
      ? inProportion(blendReasons(slate, index, state), weight)
      : worded(slate, index, state, because, weight),
  );
  return joined(reasons);
}

/** The reasons of the blend, scaled so that they add up to the weight. */
function inProportion(reasons: readonly Reason[], weight: number): Reason[] {
  const sum = reasons.reduce((total, one) => total + one.weight, 0);
  if (sum === 0) return [reason('POPULARITY', weight, 'hardly read by anybody')];
  return reasons.map((one) => ({ ...one, weight: (one.weight / sum) * weight }));
}

/** Reasons that read alike as one. */
function joined(reasons: readonly Reason[]): Reason[] {
  const byText = new Map<string, Reason>();
  for (const one of reasons) {
    const key = `${one.kind} ${one.item} ${one.text}`;
    const known = byText.get(key);
    byText.set(key, known === undefined ? one : { ...known, weight: known.weight + one.weight });
  }
  return [...byText.values()];
}

function worded(slate: Slate, index: number, state: LiveState, because: WordedReason, weight: number): Reason {
  const { asked } = slate;
  const item = slate.items[index]!;
  switch (because.kind) {
    case 'POPULARITY':
      return {
        kind: 'POPULARITY',
        weight,
        item: null,
        scope: because.scope,
        text: scopeText(because.scope, { context: asked.context, place: because.place ?? asked.place }),
      };
    case 'ITEM_READ': {
      const read = because.items === 'LAST' ? asked.seeds[0]?.item : strongestEarlier(slate, item, state);
      if (read === undefined) return reason('MOMENT', weight, 'nothing is known of what you read');
      return { kind: 'ITEM_READ', weight, item: read, scope: null, text: readText(read, state) };
    }
    case 'READERS_ALIKE':
      return reason('READERS_ALIKE', weight, 'readers like you read it');
    case 'TASTE':
      return reason('TASTE', weight, 'fits what you have read so far');
    case 'NEWNESS':
      return reason('NEWNESS', weight, slate.createdAt - state.items.bornAt(item) < DAY_MS ? 'new' : 'its age');
    case 'ATTRIBUTES':
      return reason('ATTRIBUTES', weight, 'of the kind that you read');
    case 'MOMENT':
      return reason('MOMENT', weight, 'suits this moment of your visit');
  }
}

/** The item among those read before the last one that points to this one most. */
function strongestEarlier(slate: Slate, item: number, state: LiveState): number | undefined {
  const [, ...earlier] = readParts(slate.asked, item, state);
  let strongest = earlier[0];
  for (const part of earlier) if (part.weight > strongest!.weight) strongest = part;
  return strongest?.item ?? slate.asked.seeds[0]?.item;
}
