import { AlsRowSolver, CONVERGED, ridgeOf } from '../../../src/math/als-row.js';
import { seededRandom } from '../../../src/math/random.js';
import { type SparseMatrix } from '../../../src/math/sparse-matrix.js';
import { type AlsSettings, DEFAULT_ALS_SETTINGS } from '../../../src/training/als/als-settings.js';
import { AlsWorkers } from '../../../src/training/als/als-workers.js';
import { type AlsModel, fitAls, type FitProgress, rankItems } from '../../../src/training/als/fit-als.js';
import { withhold } from '../../../src/training/als/validation.js';
import { blockWorld, denseGram, matrixOf, tasteWorld } from '../../support/als-world.js';

const SETTINGS: AlsSettings = { ...DEFAULT_ALS_SETTINGS, factors: 8, iterations: 8 };
const tastes = tasteWorld(seededRandom(7));
const workers = new AlsWorkers(2);

afterAll(() => workers.close());

/** The loss by its definition, all pairs of users and items one by one. */
function objective(matrix: SparseMatrix, { users, items, settings }: AlsModel): number {
  const { factors, unobservedWeight } = settings;
  const dot = (user: number, item: number): number => {
    let sum = 0;
    for (let at = 0; at < factors; at++) sum += users[user * factors + at]! * items[item * factors + at]!;
    return sum;
  };
  const lengths = (vectors: Float32Array, entries: (row: number) => number, others: number): number =>
    vectors.reduce(
      (sum, value, at) => sum + ridgeOf(entries(Math.floor(at / factors)), others, settings) * value * value,
      0,
    );
  let sum = 0;
  const seen = new Int32Array(matrix.columns);
  for (let user = 0; user < matrix.rows; user++) {
    for (let item = 0; item < matrix.columns; item++) sum += unobservedWeight * dot(user, item) ** 2;
    for (let at = matrix.starts[user]!; at < matrix.starts[user + 1]!; at++) {
      seen[matrix.indexes[at]!]!++;
      sum += matrix.weights[at]! * (dot(user, matrix.indexes[at]!) - 1) ** 2;
    }
  }
  const entries = (user: number): number => matrix.starts[user + 1]! - matrix.starts[user]!;
  return sum + lengths(users, entries, matrix.columns) + lengths(items, (item) => seen[item]!, matrix.rows);
}

describe('fitAls', () => {
  it('ranks the withheld item first', async () => {
    const size = 6;
    // Each user misses one item of the own block, another one than the neighbour.
    const missing = (user: number): number => user - (user % size) + ((user + 1) % size);
    const matrix = blockWorld(5, size, (user, item) => item === missing(user));
    const model = await fitAls(matrix, SETTINGS, { workers });
    const users = Int32Array.from({ length: matrix.rows }, (_, user) => user);
    const first = await rankItems(model, matrix, { workers, users, k: 1 });
    expect([...first]).toEqual([...users].map(missing));
  });

  it('lowers the objective with every round', async () => {
    const losses: number[] = [];
    for (const iterations of [1, 2, 3, 5, 8])
      losses.push(objective(tastes, await fitAls(tastes, { ...SETTINGS, iterations }, { workers })));
    expect(losses).toEqual([...losses].sort((a, b) => b - a));
    expect(losses.at(-1)).toBeLessThan(0.9 * losses[0]!);
  });

  it('gives the same bytes with one worker and with two, and others with another seed', async () => {
    const one = new AlsWorkers(1);
    const alone = await fitAls(tastes, SETTINGS, { workers: one });
    await one.close();
    const together = await fitAls(tastes, SETTINGS, { workers });
    expect(Buffer.from(alone.users.buffer).equals(Buffer.from(together.users.buffer))).toBe(true);
    expect(Buffer.from(alone.items.buffer).equals(Buffer.from(together.items.buffer))).toBe(true);
    const other = await fitAls(tastes, { ...SETTINGS, seed: 2 }, { workers });
    expect(other.items).not.toEqual(together.items);
  });

  it('ends with user vectors that fold-in reproduces from the history alone, within 1e-3 of their length', async () => {
    const { users, items } = await fitAls(tastes, SETTINGS, { workers });
    const { factors, unobservedWeight } = SETTINGS;
    const gram = denseGram(items, factors, unobservedWeight);
    const solver = new AlsRowSolver({ factors: items, gram, width: factors });
    for (let user = 0; user < tastes.rows; user++) {
      const [from, to] = [tastes.starts[user]!, tastes.starts[user + 1]!];
      const folded = new Float32Array(factors);
      const ridge = ridgeOf(to - from, tastes.columns, SETTINGS);
      solver.solve(folded, { indexes: tastes.indexes, weights: tastes.weights, from, to, ridge }, CONVERGED);
      const trained = users.subarray(user * factors, (user + 1) * factors);
      const apart = Math.hypot(...folded.map((value, at) => value - trained[at]!));
      expect(apart).toBeLessThan(1e-3 * Math.hypot(...trained));
    }
  });

  it('stops early once the validation score no longer rises, with the factors that scored best', async () => {
    const { fit, validation } = withhold(tastes, { seed: 1, mostUsers: 1_000 });
    const seen: FitProgress[] = [];
    const settings = { ...SETTINGS, factors: 64, regularisation: 1e-4, iterations: 100 };
    const model = await fitAls(fit, settings, { workers, validation, onProgress: (progress) => seen.push(progress) });
    expect(seen.length).toBeLessThan(100);
    const scores = seen.flatMap(({ score }) => (score === null ? [] : [score]));
    expect(model.score).toBe(Math.max(...scores));
    expect(seen[model.iterations - 1]!.score).toBe(model.score);
    const again = await fitAls(fit, { ...settings, iterations: model.iterations }, { workers });
    expect(again.items).toEqual(model.items);
  });

  it('gives up on a score that it would not reach at the pace of its last looks', async () => {
    const { fit, validation } = withhold(tastes, { seed: 1, mostUsers: 1_000 });
    const settings = { ...SETTINGS, regularisation: 1, iterations: 50 };
    const roundsTo = async (toBeat: number) => {
      let rounds = 0;
      await fitAls(fit, settings, { workers, validation, toBeat, onProgress: () => void rounds++ });
      return rounds;
    };
    expect(await roundsTo(100)).toBe(4);
    expect(await roundsTo(0)).toBeGreaterThan(4);
  });

  it('leaves users and items without pairs at zero, and ranks no more items than there are', async () => {
    const matrix = matrixOf([[0, 0], [0, 1], [1, 1]], 3, 4); // prettier-ignore
    const model = await fitAls(matrix, SETTINGS, { workers });
    expect(model.users.subarray(2 * SETTINGS.factors)).toEqual(new Float32Array(SETTINGS.factors));
    expect(model.items.subarray(2 * SETTINGS.factors)).toEqual(new Float32Array(2 * SETTINGS.factors));
    const ranked = await rankItems(model, matrix, { workers, users: Int32Array.of(1, 2), k: 5 });
    expect([...ranked]).toEqual([0, 2, 3, -1, -1, 0, 1, 2, 3, -1]);
  });

  it('ends with the reason of an aborted signal, and the workers serve the next fit', async () => {
    const reason = new Error('enough');
    await expect(fitAls(tastes, SETTINGS, { workers, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const onProgress = ({ iteration }: FitProgress): void => void (iteration === 2 && controller.abort(reason));
    const fit = fitAls(tastes, SETTINGS, { workers, signal: controller.signal, onProgress });
    await expect(fit).rejects.toBe(reason);
    const running = new AbortController();
    const long = fitAls(tastes, { ...SETTINGS, iterations: 1e9 }, { workers, signal: running.signal });
    setTimeout(() => running.abort(reason), 20);
    await expect(long).rejects.toBe(reason);
    expect((await fitAls(tastes, SETTINGS, { workers })).iterations).toBe(8);
  });

  it('refuses settings that make no sense, and an empty matrix', async () => {
    const refused = (settings: Partial<AlsSettings>) => fitAls(tastes, { ...SETTINGS, ...settings }, { workers });
    await expect(refused({ factors: 0 })).rejects.toMatchObject({
      code: 'BAD_TRAINING_SETTING',
      message: 'factors=0: allowed is a multiple of 4 from 4 to 4096',
    });
    await expect(refused({ regularisation: 0 })).rejects.toThrow('regularisation=0: allowed is a number above 0');
    await expect(refused({ unobservedWeight: -1 })).rejects.toThrow('unobservedWeight=-1: allowed is a number from 0');
    await expect(refused({ frequencyExponent: 3 })).rejects.toThrow('allowed is a number from 0 to 2');
    await expect(refused({ iterations: 0 })).rejects.toThrow('iterations=0');
    await expect(refused({ steps: 1.5 })).rejects.toThrow('steps=1.5');
    await expect(refused({ seed: NaN })).rejects.toThrow('seed=NaN: allowed is a whole number');
    await expect(fitAls(matrixOf([], 2, 2), SETTINGS, { workers })).rejects.toMatchObject({ code: 'TOO_FEW_PAIRS' });
  });

  it('says that a worker failed instead of waiting for it', async () => {
    const broken = new AlsWorkers(1);
    const fit = fitAls(tastes, { ...SETTINGS, iterations: 1e9 }, { workers: broken });
    setTimeout(() => void broken.close(), 20);
    await expect(fit).rejects.toMatchObject({ code: 'WORKER_FAILED' });
  });
});
