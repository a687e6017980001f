/**
 * Implicit alternating least squares (Hu, Koren and Volinsky 2008, in the form of Rendle et al. 2021): vectors of users
 * and items so that dot(user, item) is near 1 for observed pairs and near 0, with a small weight, for all others.
 * The same matrix, settings and seed give the same factors, whatever the number of workers.
 */
import { CONVERGED } from '../../math/als-row.js';
import { type SparseMatrix } from '../../math/sparse-matrix.js';
import { TrainingError } from '../training-error.js';
import { AlsSession, type SessionOptions, type Timing } from './als-session.js';
import { type AlsSettings, checkAlsSettings } from './als-settings.js';
import { type Validation, VALIDATION_K, validationScore } from './validation.js';

export interface AlsModel {
  readonly settings: AlsSettings;
  /** users x factors: each the fold-in of its row, within 1e-3 of its length. */
  readonly users: Float32Array;
  /** items x factors. */
  readonly items: Float32Array;
  /** Rounds behind these factors: fewer than asked for where the fit stopped early. */
  readonly iterations: number;
  /** Mean NDCG@20 over the validation users, null without a validation slice. */
  readonly score: number | null;
  readonly timing: Readonly<Timing>;
}

export interface FitProgress {
  readonly iteration: number;
  readonly iterations: number;
  readonly score: number | null;
}

export interface FitOptions extends SessionOptions {
  /** Withheld pairs: the fit ends when their score stops rising, with the factors that scored best. */
  readonly validation?: Validation | undefined;
  /** A score: the fit also ends once it would not reach it by rising on as fast as between the last two looks. */
  readonly toBeat?: number | undefined;
  readonly onProgress?: ((progress: FitProgress) => void) | undefined;
}

/** Rounds between two looks at the validation slice, and looks without a better score before the fit ends. */
export const LOOK_EVERY = 2;
const PATIENCE = 2;

/**
 * @param matrix users x items, weights above 0 (the caller's: type of interaction, decay by age)
 * @throws TrainingError, or the signal's reason
 */
export async function fitAls(matrix: SparseMatrix, settings: AlsSettings, options: FitOptions): Promise<AlsModel> {
  const { session, ...rounds } = await runRounds(matrix, settings, options);
  await session.halfStep('user', settings, CONVERGED);
  const { user, item } = session.memory;
  return { settings, users: user.factors.slice(), items: item.factors.slice(), ...rounds, timing: session.timing };
}

export interface Rounds {
  /** Holds the factors of the best round. */
  readonly session: AlsSession;
  readonly iterations: number;
  readonly score: number | null;
}

/** The rounds of a fit without its last half-step: all that a search needs. */
export async function runRounds(matrix: SparseMatrix, settings: AlsSettings, options: FitOptions): Promise<Rounds> {
  checkAlsSettings(settings);
  if (matrix.indexes.length === 0) throw new TrainingError('TOO_FEW_PAIRS', 'there is no pair to train on');
  const { validation, onProgress, toBeat = -Infinity } = options;
  const { factors, iterations } = settings;
  const queries = validation?.users.length ?? 0;
  const session = await AlsSession.open(matrix, { factors, queries, k: VALIDATION_K }, options);
  const { item } = session.memory;
  session.seedFactors(settings.seed);
  const steps = { steps: settings.steps, tolerance: 0 };
  let best: { score: number; iterations: number; items: Float32Array } | null = null;
  let iteration = 0;
  let before: number | null = null;
  while (iteration < iterations) {
    await session.halfStep('user', settings, steps);
    await session.halfStep('item', settings, steps);
    iteration++;
    let score: number | null = null;
    if (validation !== undefined && (iteration % LOOK_EVERY === 0 || iteration === iterations)) {
      score = validationScore(await session.rank(validation.users, VALIDATION_K), validation);
      if (best === null || score > best.score) best = { score, iterations: iteration, items: item.factors.slice() };
    }
    onProgress?.({ iteration, iterations, score });
    if (best !== null && iteration - best.iterations >= LOOK_EVERY * PATIENCE) break;
    if (score === null) continue;
    const looksLeft = Math.floor((iterations - iteration) / LOOK_EVERY);
    if (before !== null && Math.max(best!.score, score + (score - before) * looksLeft) < toBeat) break;
    before = score;
  }
  if (best !== null) item.factors.set(best.items);
  return { session, iterations: best?.iterations ?? iteration, score: best?.score ?? null };
}

/** Lists of a fitted model; arguments and result as in `AlsSession.rank`. */
export async function rankItems(
  model: AlsModel,
  matrix: SparseMatrix,
  { users, k, ...options }: SessionOptions & { readonly users: Int32Array; readonly k: number },
): Promise<Int32Array> {
  const { factors } = model.settings;
  const session = await AlsSession.open(matrix, { factors, queries: users.length, k }, options);
  session.memory.user.factors.set(model.users);
  session.memory.item.factors.set(model.items);
  return session.rank(users, k);
}
