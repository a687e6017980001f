/**
 * Finds settings from the training data alone: a seeded slice of it is withheld, and NDCG@20 on that slice decides.
 * Coarse to fine: unobserved weight and regularisation by factors of 4 and 2 with short vectors, by 1.4 with longer
 * ones, then longer and longer vectors with the regularisation that suits them, by 1.4 and 1.2, as long as they score
 * better and the budget lasts. The number of rounds is where each fit stopped early.
 *
 * The regularisation of a row is lambda * (entries + a0 * rows of the other side): with lambda alone held fast, a0 would
 * move both. So the search moves a0 and the regularisation of a mean row for each row of the other side,
 * r = lambda * (density + a0), which hardly depend on each other.
 */
import { type SparseMatrix } from '../../math/sparse-matrix.js';
import { type AlsSettings, DEFAULT_ALS_SETTINGS } from './als-settings.js';
import { type SessionOptions } from './als-session.js';
import { climb, type Point } from './climb.js';
import { runRounds } from './fit-als.js';
import { trialWork, validationUsers } from './search-work.js';
import { withhold } from './validation.js';

export interface SearchOptions extends SessionOptions {
  readonly seed: number;
  /** Billions of floating-point operations to spend, the last fit on all pairs included; see `search-work.ts`. */
  readonly work: number;
  /** No trial starts that would not end by then, at the speed seen so far, and leave time for the last fit. */
  readonly timeMs: number;
  /** Longest vectors to try: serving multiplies every item by one. */
  readonly mostFactors?: number | undefined;
  readonly onTrial?: ((trial: Trial) => void) | undefined;
}

export interface Trial {
  readonly settings: AlsSettings;
  /** Mean NDCG@20 over the validation users. */
  readonly score: number;
  readonly seconds: number;
}

export interface SearchResult {
  /** To fit on all pairs with. */
  readonly settings: AlsSettings;
  readonly trials: readonly Trial[];
  readonly validation: { readonly users: number; readonly pairs: number };
}

const COARSE_FACTORS = 32;
const FINE_FACTORS = 128;
const MOST_FACTORS = 1024;
const MOST_ROUNDS = 24;
const MOST_COARSE_ROUNDS = 16;
/** Steps with longer vectors: the quality falls steeply where the regularisation is a little too strong. */
const COARSER = Math.SQRT2;
const FINER = Math.sqrt(Math.SQRT2);
/** Places in a point. */
const UNOBSERVED_WEIGHT = 0;
const MEAN_RIDGE = 1;

/** @throws the signal's reason */
export async function searchAls(matrix: SparseMatrix, options: SearchOptions): Promise<SearchResult> {
  const defaults = { ...DEFAULT_ALS_SETTINGS, seed: options.seed };
  // Vectors longer than a side of the matrix can't say more.
  const longest = Math.max(
    4,
    Math.min(options.mostFactors ?? MOST_FACTORS, 2 ** Math.floor(Math.log2(Math.min(matrix.rows, matrix.columns)))),
  );
  const coarse = Math.min(COARSE_FACTORS, longest);
  const mostUsers = validationUsers(matrix, coarse, defaults.steps);
  const { fit, validation } = withhold(matrix, { seed: options.seed, mostUsers });
  const slice = {
    users: validation.users.length,
    pairs: validation.withheld.reduce((sum, items) => sum + items.size, 0),
  };
  const trials: Trial[] = [];
  const result = (): SearchResult => ({ settings: best(trials)?.settings ?? defaults, trials, validation: slice });
  if (slice.users === 0 || fit.indexes.length === 0) return result();

  const density = fit.indexes.length / (fit.rows * fit.columns);
  const started = performance.now();
  let spent = 0;
  /** The score, or null where the budget would not last for the trial and a last fit of the same length. */
  const score = async (point: Point, factors: number): Promise<number | null> => {
    const [unobservedWeight, meanRidge] = [point[UNOBSERVED_WEIGHT]!, point[MEAN_RIDGE]!];
    const regularisation = meanRidge / (density + unobservedWeight);
    const rounds = factors === coarse ? MOST_COARSE_ROUNDS : MOST_ROUNDS;
    const settings = { ...defaults, factors, iterations: rounds, unobservedWeight, regularisation };
    const known = trials.find((trial) => sameTrial(trial.settings, settings));
    if (known !== undefined) return known.score;
    const round = trialWork(matrix, { factors, steps: settings.steps, users: slice.users });
    const expected = 2 * round * (best(trials)?.settings.iterations ?? settings.iterations / 2);
    const elapsedMs = performance.now() - started;
    const timeLeft = spent === 0 || elapsedMs + (elapsedMs / spent) * expected <= options.timeMs;
    if (trials.length > 0 && (spent + expected > options.work || !timeLeft)) return null;
    let done = 0;
    const onProgress = (): void => void done++;
    const from = performance.now();
    const rivals = trials.filter((trial) => trial.settings.factors === factors);
    const toBeat = best(rivals)?.score;
    const { iterations, score } = await runRounds(fit, settings, { ...options, validation, onProgress, toBeat });
    spent += round * done;
    trials.push({ settings: { ...settings, iterations }, score: score!, seconds: (performance.now() - from) / 1000 });
    options.onTrial?.(trials.at(-1)!);
    return score;
  };

  // Longer vectors want more regularisation first of all.
  const both = [MEAN_RIDGE, UNOBSERVED_WEIGHT];
  const first = [defaults.unobservedWeight, defaults.regularisation * (density + defaults.unobservedWeight)];
  let point = await climb({ start: first, axes: both, factors: [4, 2] }, (at) => score(at, coarse));
  const fine = Math.min(FINE_FACTORS, longest);
  for (let factors = fine; factors > coarse && factors <= longest; factors *= 2) {
    const before = best(trials)!.score;
    const climbs =
      factors === fine ? { axes: both, factors: [COARSER] } : { axes: [MEAN_RIDGE], factors: [COARSER, FINER] };
    point = await climb({ start: point, ...climbs }, (at) => score(at, factors));
    if (best(trials)!.score <= before) break;
  }
  return result();
}

function sameTrial(a: AlsSettings, b: AlsSettings): boolean {
  const near = (x: number, y: number): boolean => Math.abs(x / y - 1) < 1e-9;
  return (
    a.factors === b.factors && near(a.unobservedWeight, b.unobservedWeight) && near(a.regularisation, b.regularisation)
  );
}

function best(trials: readonly Trial[]): Trial | undefined {
  return trials.reduce<Trial | undefined>(
    (top, trial) => (top === undefined || trial.score > top.score ? trial : top),
    undefined,
  );
}
