/** Factors for serving, fitted to the histories of a live state. */
import { type AlsParts } from '../../engine/als/als-model.js';
import { type WeightRule } from '../../engine/als/history-weights.js';
import { addGram, mirror } from '../../math/gram.js';
import { type LiveState } from '../../state/live-state.js';
import { type AlsSettings, DEFAULT_ALS_SETTINGS } from './als-settings.js';
import { type AlsWorkers } from './als-workers.js';
import { fitAls } from './fit-als.js';
import { searchAls } from './search.js';
import { defaultWork } from './search-work.js';
import { stateMatrix } from './state-matrix.js';

/** Below this there is nothing to factorise. */
const LEAST_USERS = 20;
const LEAST_ITEMS = 20;
/** Serving multiplies all items by one vector: longer ones cost answers more time than they bring. */
const MOST_FACTORS = 128;

export interface FitStateOptions {
  readonly workers: AlsWorkers;
  readonly signal?: AbortSignal | undefined;
}

/** Settings for this state: found on a slice that is withheld, within the time; null where the data are too few to tell. */
export async function searchState(
  state: LiveState,
  rule: WeightRule,
  { seed, timeMs, ...options }: FitStateOptions & { readonly seed: number; readonly timeMs: number },
): Promise<AlsSettings | null> {
  const { matrix } = stateMatrix(state, rule);
  if (matrix.rows < LEAST_USERS || matrix.columns < LEAST_ITEMS) return null;
  const work = defaultWork(matrix, DEFAULT_ALS_SETTINGS.steps);
  return (await searchAls(matrix, { ...options, seed, work, timeMs, mostFactors: MOST_FACTORS })).settings;
}

/** The factors; null where the data are too few. */
export async function fitState(
  state: LiveState,
  rule: WeightRule,
  settings: AlsSettings,
  options: FitStateOptions,
): Promise<AlsParts | null> {
  const { matrix, itemIds } = stateMatrix(state, rule);
  if (matrix.rows < LEAST_USERS || matrix.columns < LEAST_ITEMS) return null;
  const { items: factors } = await fitAls(matrix, settings, options);
  const { factors: width, regularisation, unobservedWeight, frequencyExponent } = settings;
  const gram = new Float32Array(width * width);
  addGram(factors, width, { from: 0, to: itemIds.length }, gram);
  mirror(gram, width);
  for (let at = 0; at < gram.length; at++) gram[at]! *= unobservedWeight;
  const ridge = { regularisation, unobservedWeight, frequencyExponent };
  return { itemIds, factors, gram, width, ridge, weights: rule };
}
