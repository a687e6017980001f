/** Factors for serving, fitted to the histories of a live state as a matrix. */
import { type AlsParts } from '../../engine/als/als-model.js';
import { addGram, mirror } from '../../math/gram.js';
import { type AlsSettings, DEFAULT_ALS_SETTINGS } from './als-settings.js';
import { type AlsWorkers } from './als-workers.js';
import { fitAls } from './fit-als.js';
import { searchAls } from './search.js';
import { defaultWork } from './search-work.js';
import { type StateMatrix } from './state-matrix.js';

/** Below this there is nothing to factorise. */
const LEAST_USERS = 20;
const LEAST_ITEMS = 20;
/** Serving multiplies all items by one vector: longer ones cost answers more time than they bring. */
const MOST_FACTORS = 128;

export interface FitStateOptions {
  readonly workers: AlsWorkers;
  readonly signal?: AbortSignal | undefined;
}

/** Settings for these data: found on a slice that is withheld, within the time; null where they are too few to tell. */
export async function searchState(
  world: StateMatrix,
  { seed, timeMs, ...options }: FitStateOptions & { readonly seed: number; readonly timeMs: number },
): Promise<AlsSettings | null> {
  const { matrix } = world;
  if (!isEnough(world)) return null;
  const work = defaultWork(matrix, DEFAULT_ALS_SETTINGS.steps);
  return (await searchAls(matrix, { ...options, seed, work, timeMs, mostFactors: MOST_FACTORS })).settings;
}

/** The factors; null where the data are too few. */
export async function fitState(
  world: StateMatrix,
  settings: AlsSettings,
  options: FitStateOptions,
): Promise<AlsParts | null> {
  const { matrix, itemIds, rule } = world;
  if (!isEnough(world)) return null;
  const { items: factors } = await fitAls(matrix, settings, options);
  const { factors: width, regularisation, unobservedWeight, frequencyExponent } = settings;
  const gram = new Float32Array(width * width);
  addGram(factors, width, { from: 0, to: itemIds.length }, gram);
  mirror(gram, width);
  for (let at = 0; at < gram.length; at++) gram[at]! *= unobservedWeight;
  const ridge = { regularisation, unobservedWeight, frequencyExponent };
  return { itemIds, factors, gram, width, ridge, weights: rule };
}

function isEnough({ matrix }: StateMatrix): boolean {
  return matrix.rows >= LEAST_USERS && matrix.columns >= LEAST_ITEMS;
}
