import { seededRandom } from '../../../src/math/random.js';
import { type SparseMatrix } from '../../../src/math/sparse-matrix.js';
import { AlsWorkers } from '../../../src/training/als/als-workers.js';
import { DEFAULT_ALS_SETTINGS } from '../../../src/training/als/als-settings.js';
import { searchAls, type SearchOptions, type Trial } from '../../../src/training/als/search.js';
import { defaultWork, lookWork, roundWork, validationUsers } from '../../../src/training/als/search-work.js';
import { matrixOf, tasteWorld } from '../../support/als-world.js';

const workers = new AlsWorkers(2);
const world = tasteWorld(seededRandom(3), { users: 120, items: 60, likes: 10 });
const search = (options: Partial<SearchOptions> = {}) =>
  searchAls(world, { workers, seed: 1, work: 1, timeMs: 60_000, ...options });

afterAll(() => workers.close());

describe('searchAls', () => {
  it('finds settings that beat the ones it starts from, and lists what it tried', async () => {
    const seen: Trial[] = [];
    const { settings, trials, validation } = await search({ onTrial: (trial) => seen.push(trial) });
    expect(trials).toEqual(seen);
    const score = Math.max(...trials.map((trial) => trial.score));
    expect(trials.find((trial) => trial.settings === settings)!.score).toBe(score);
    expect(score).toBeGreaterThan(trials[0]!.score);
    // No vector is longer than the shorter side, and what doesn't matter for the choice stays as it was.
    expect(settings).toMatchObject({ factors: 32, frequencyExponent: 1, steps: 3, seed: 1 });
    expect(validation.users).toBe(120);
  });

  it('tries the same points on every run', async () => {
    const points = async () =>
      (await search({ work: 0.05 })).trials.map(({ settings, score }) => ({ settings, score }));
    expect(await points()).toEqual(await points());
  });

  it('ends with its budget of work or time, after one trial at least', async () => {
    expect((await search({ work: 1e-9 })).trials).toHaveLength(1);
    expect((await search({ timeMs: 0 })).trials).toHaveLength(1);
  });

  it('falls back to the defaults where no pair can be withheld', async () => {
    const tiny = matrixOf([[0, 0], [1, 1]], 2, 2); // prettier-ignore
    const { settings, trials } = await searchAls(tiny, { workers, seed: 9, work: 1, timeMs: 1_000 });
    expect(trials).toEqual([]);
    expect(settings).toEqual({ ...DEFAULT_ALS_SETTINGS, seed: 9 });
  });

  it('ends with the reason of an aborted signal', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const found = search({ signal: controller.signal, onTrial: () => controller.abort(reason) });
    await expect(found).rejects.toBe(reason);
  });
});

describe('search work', () => {
  it('counts the operations of a round and of a look', () => {
    // 4 products with a Gram matrix of 2 x 2 for 180 rows and with each pair from both sides, and two Gram matrices
    const pairs = world.indexes.length;
    expect(roundWork(world, 2, 3) * 1e9).toBeCloseTo(4 * (8 * 180 + 16 * pairs) + 4 * 180, 3);
    expect(lookWork(world, 2, 10) * 1e9).toBeCloseTo(2 * 2 * 10 * 60, 3);
  });

  it('takes 2,000 to 10,000 validation users, and gives larger data more work up to a bound', () => {
    expect(validationUsers(world, 32, 3)).toBe(2_000);
    const small = 140 * (roundWork(world, 256, 3) + lookWork(world, 256, 120) / 2);
    expect(defaultWork(world, 3)).toBeCloseTo(small, 6);
    const large = { rows: 50_000, columns: 30_000, indexes: { length: 2_000_000 } } as SparseMatrix;
    expect(defaultWork(large, 3)).toBe(6_000);
  });
});
