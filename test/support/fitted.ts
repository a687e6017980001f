/** Snapshots that lists can be made with, for tests: small ones of known ids, or of any size. */
import { type SnapshotStore } from '../../src/artifacts/snapshot-store.js';
import { type FittedWeights } from '../../src/engine/blend-weights.js';
import { type AlsParts } from '../../src/engine/als/als-model.js';
import { BUILT_IN_SCENARIOS } from '../../src/engine/scenario.js';
import { snapshotFiles, type SnapshotParts } from '../../src/engine/snapshot-files.js';
import { DEFAULT_COMPONENTS } from '../../src/engine/sources/popularity-components.js';
import { seededRandom } from '../../src/math/random.js';
import { denseGram } from './als-world.js';
import { draft } from './snapshots.js';
import { NOON } from './state.js';

const UNOBSERVED_WEIGHT = 0.1;

/** Random factors for these items; 400 MB of them in seconds. */
export function alsParts(itemIds: readonly string[], { width = 8, seed = 1 } = {}): AlsParts {
  const random = seededRandom(seed);
  const factors = new Float32Array(itemIds.length * width);
  for (let at = 0; at < factors.length; at++) factors[at] = random.next() / Math.sqrt(width);
  return {
    itemIds,
    factors,
    gram: denseGram(factors, width, UNOBSERVED_WEIGHT),
    width,
    ridge: { regularisation: 0.01, unobservedWeight: UNOBSERVED_WEIGHT, frequencyExponent: 1 },
    weights: {
      types: { IMPRESSION: 0, VIEW: 1, CLICK: 1, LIKE: 1, DISLIKE: 0, ADD_TO_CART: 1, PURCHASE: 1, UNDO: 0 },
      halfLifeMs: 86_400_000,
      asOf: NOON,
    },
  };
}

/** Those of the default scenario, whoever asks. */
export function weightsOf(changes: Partial<FittedWeights['COLD']> = {}): FittedWeights {
  const { weights } = BUILT_IN_SCENARIOS[0]!;
  const moment = { sources: { ...weights.WARM, ALS: 0.2 }, popularity: DEFAULT_COMPONENTS, ...changes };
  return { COLD: moment, WARM_START: moment, WARM_NEXT: moment };
}

/** Publishes the n-th snapshot and makes it LATEST; its id. */
export async function publishFitted(
  store: SnapshotStore,
  n: number,
  parts: Partial<SnapshotParts> & { readonly itemIds?: readonly string[]; readonly createdAt?: number } = {},
): Promise<string> {
  const { itemIds = ['a', 'b', 'c'], weights = weightsOf(), als = alsParts(itemIds, { seed: n }) } = parts;
  const files = snapshotFiles({ weights, als, ranker: parts.ranker ?? null });
  const { createdAt } = { ...draft(n), ...parts };
  const { id } = await store.publish(draft(n, { files, createdAt }));
  await store.moveLatest(await store.latest(), id);
  return id;
}
