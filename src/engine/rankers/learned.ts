/**
 * The learned ranker as a stage: puts the best of the blend in its own order, where the snapshot has one and the scenario
 * leaves the order to what was fitted. Left out, failed or late, the blend's order stays and the answer says so.
 */
import { topK } from '../../math/top-k.js';
import { type Runner } from '../../pipeline/runner.js';
import { type Candidates, pick } from '../candidate.js';
import { type ResolvedQuery } from '../query.js';
import { type RankerModel } from '../ranker-model.js';
import { type World } from '../source.js';
import { type FeatureMatrix } from '../trees/tree-ensemble.js';

/** Candidates that it puts in order, the best by the blend: those below have no say in a list of 100. */
export const RANKER_DEPTH = 200;

export interface Learned {
  readonly model: RankerModel;
  /** Places in the candidates that were scored, and for each of them its score and features. */
  readonly places: Int32Array;
  readonly scores: Float64Array;
  readonly features: FeatureMatrix;
  /** Rows of the above, best first; ties by item index. */
  readonly order: Int32Array;
}

/** Places of the candidates that a ranker would score, by the blend's order of all. */
export function rankedPlaces(blendOrder: Int32Array): Int32Array {
  return blendOrder.subarray(0, RANKER_DEPTH);
}

export function learnedRanker(
  query: ResolvedQuery,
  world: World,
  { candidates, blendOrder }: { readonly candidates: Candidates; readonly blendOrder: Int32Array },
  runner: Runner,
): Learned | null {
  const model = world.snapshot?.ranker ?? null;
  if (model === null || !query.query.scenario.fitted) return null;
  const places = rankedPlaces(blendOrder);
  return runner.optional<Learned | null>({
    stage: 'RANKER',
    candidatesIn: places.length,
    run: () => {
      const ranked = pick(candidates, places);
      const { scores, features } = model.rank(query, ranked, world);
      return { model, places, scores, features, order: topK(scores, ranked.count, ranked.count, ranked.items) };
    },
    count: (result) => result?.places.length ?? 0,
    otherwise: null,
    instead: 'ordered by the blend',
  });
}
