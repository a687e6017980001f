import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Random } from '../../../src/math/random.js';
import { fitRanker, type FittedRanker } from '../../../src/training/ranker/fit-ranker.js';
import { type RankerRows } from '../../../src/training/ranker/ranker-rows.js';
import { type RankerSettings } from '../../../src/training/ranker/ranker-settings.js';
import { RankerWorkers } from '../../../src/training/ranker/ranker-workers.js';
import { leafOf, ndcgOf, rankerRows, scoresOf, utilityWorld, PLAIN_SETTINGS } from '../../support/ranker-world.js';

const workers = new RankerWorkers(2);
const one = new RankerWorkers(1);
afterAll(() => Promise.all([workers.close(), one.close()]));

const SETTINGS: RankerSettings = { ...PLAIN_SETTINGS, trees: 10, minRowsInLeaf: 5 };
const fit = (rows: RankerRows, settings: Partial<RankerSettings> = {}, validation: RankerRows | null = null) =>
  fitRanker(rows, validation, { ...SETTINGS, ...settings }, { workers });

/** The row with the largest of these is the relevant one. */
const best =
  (utility: (values: readonly number[]) => number) =>
  (rows: readonly (readonly number[])[]): number[] => {
    const utilities = rows.map(utility);
    return utilities.map((value) => (value === Math.max(...utilities) ? 1 : 0));
  };
const uniform = (count: number) => (random: Random) => Array.from({ length: count }, () => random.next());

describe('fitRanker', () => {
  // The targets of xendcg are drawn at random: some of the noise is found in other features.
  it.each([
    ['lambdarank', 20],
    ['xendcg', 3],
    ['logloss', 20],
  ] as const)('ranks by the feature that decides: %s', async (objective, clearer) => {
    const values = (random: Random, query: number, row: number) => [
      random.next(),
      (7 * row + query) % 20,
      random.next(),
    ];
    const make = (seed: number) =>
      rankerRows(
        { queries: 200, rows: 20, seed },
        values,
        best((row) => row[1]!),
      );
    const { ensemble, gainOf } = await fit(make(1), { objective, trees: 30 });
    const later = make(2);
    expect(ndcgOf(later, scoresOf(ensemble, later))).toBe(1);
    expect(gainOf[1]).toBeGreaterThan(clearer * Math.max(gainOf[0]!, gainOf[2]!));
  });

  it('finds the step of a function, and nothing in noise', async () => {
    const rows = rankerRows({ queries: 300, rows: 20 }, uniform(3), (own) => own.map((row) => (row[0]! > 0.7 ? 1 : 0)));
    const { ensemble, gainOf } = await fit(rows, { leaves: 2, trees: 5 });
    for (const tree of ensemble.trees) {
      expect([...tree.feature]).toEqual([0]);
      expect(Math.abs(tree.threshold[0]! - 0.7)).toBeLessThan(0.01);
      expect(tree.leafValue[1]).toBeGreaterThan(tree.leafValue[0]!);
    }
    expect([...gainOf.slice(1)]).toEqual([0, 0]);
    expect(ndcgOf(rows, scoresOf(ensemble, rows))).toBeGreaterThan(0.99);
  });

  it.each([
    ['above', 1],
    ['below', 0],
  ])('sends missing values to the side that they rank with: %s all others', async (_, relevance) => {
    const rows = rankerRows(
      { queries: 100, rows: 20 },
      (random) => [random.next() < 0.4 ? NaN : random.next(), random.next()],
      (own) => own.map(([value]) => (Number.isNaN(value) ? relevance : 1 - relevance)),
    );
    const { ensemble } = await fit(rows, { trees: 3, leaves: 4 });
    const [tree] = ensemble.trees;
    expect([tree!.feature[0], tree!.decision[0]! >> 2]).toEqual([0, 2]);
    expect(ndcgOf(rows, scoresOf(ensemble, rows))).toBe(1);
  });

  it('groups missing values with small ones or with large ones', async () => {
    for (const like of [0.1, 0.9]) {
      const rows = rankerRows(
        { queries: 200, rows: 20 },
        (random) => {
          const value = random.next();
          return [Math.abs(value - like) < 0.1 ? NaN : value, value];
        },
        (own) => own.map(([, value]) => (value! > 0.5 ? 1 : 0)),
      );
      const hidden = { ...rows, featureNames: ['f'], values: rows.values.slice(0, rows.rows) };
      const { ensemble } = await fit(hidden, { trees: 1, leaves: 2 });
      const [tree] = ensemble.trees;
      expect(tree!.decision[0]! & 2).toBe(like < 0.5 ? 2 : 0);
      expect(Math.abs(tree!.threshold[0]! - 0.5)).toBeLessThan(0.02);
    }
  });

  const world = utilityWorld(150, 40, 3);
  const bytes = (fitted: FittedRanker) => JSON.stringify(fitted.ensemble.trees.map((tree) => [...tree.threshold, ...tree.leafValue])); // prettier-ignore

  it('gives the same bytes with one worker and with two, and others with another seed', async () => {
    // More rows than one chunk of a leaf, and samples.
    const large = utilityWorld(300, 40, 4);
    for (const fractions of [{}, { rowFraction: 0.6, featureFraction: 0.4 }]) {
      const settings = { ...SETTINGS, ...fractions };
      const alone = await fitRanker(large, world, settings, { workers: one });
      const together = await fitRanker(large, world, settings, { workers });
      expect(bytes(together)).toBe(bytes(alone));
      expect(together.validation).toEqual(alone.validation);
      expect(bytes(await fit(large, { ...fractions, seed: 2 }))).not.toBe(bytes(alone));
    }
  });

  it('writes down the true number of rows and weight of every split and leaf', async () => {
    const { ensemble } = await fit(world, { objective: 'logloss', trees: 3 });
    for (const tree of ensemble.trees) {
      const counts = new Float64Array(tree.leaves);
      for (let row = 0; row < world.rows; row++)
        counts[leafOf(tree, (feature) => world.values[feature * world.rows + row]!)]!++;
      expect(tree.leafCount).toEqual(counts);
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(SETTINGS.minRowsInLeaf);
      const sum = (of: 'Count' | 'Weight', child: number): number =>
        child < 0 ? tree[`leaf${of}`][~child]! : tree[`split${of}`][child]!;
      tree.splitCount.forEach((count, split) => {
        expect(sum('Count', tree.left[split]!) + sum('Count', tree.right[split]!)).toBe(count);
        const weight = sum('Weight', tree.left[split]!) + sum('Weight', tree.right[split]!);
        expect(weight).toBeCloseTo(tree.splitWeight[split]!, 6);
      });
      expect(tree.splitCount[0]).toBe(world.rows);
    }
    // One step from the log odds, with the learning rate in the leaves.
    const { labels } = world;
    const odds = labels.filter((label) => label > 0).length / labels.filter((label) => label === 0).length;
    expect(ensemble.trees[0]!.splitValue[0]).toBeCloseTo(Math.log(odds), 4);
    expect(ensemble.trees[1]!.splitValue[0]).toBeCloseTo(0, 2);
  });

  it('judges the later queries as their scores do, and keeps the trees up to the best', async () => {
    const later = utilityWorld(100, 40, 5);
    const settings = { trees: 200, earlyStoppingRounds: 4, learningRate: 0.5 };
    const fitted = await fit(world, settings, later);
    const { validation, trees, ensemble } = fitted;
    expect(validation.length).toBeLessThan(200);
    expect(validation).toHaveLength(trees + 4);
    expect(validation[trees - 1]).toBe(Math.max(...validation));
    expect(ensemble.trees).toHaveLength(trees);
    expect(ndcgOf(later, scoresOf(ensemble, later))).toBeCloseTo(validation[trees - 1]!, 2);
  });

  it('favours no row by its place: without a feature that helps, the relevant row ranks as by chance', async () => {
    const rows = rankerRows({ queries: 600, rows: 20 }, (random) => [random.below(2)], (own) => own.map((_, row) => (row === 0 ? 1 : 0))); // prettier-ignore
    const { validation } = await fit(rows, { trees: 2 }, rows);
    const chance = Array.from({ length: 10 }, (_, rank) => 1 / Math.log2(rank + 2)).reduce((sum, d) => sum + d) / 20;
    expect(Math.abs(validation[0]! - chance)).toBeLessThan(0.04);
  });

  it('follows the weights of queries', async () => {
    // Half of the queries want the smallest value, the other half, of no weight, the largest.
    const rows = rankerRows({ queries: 100, rows: 10 }, (random, query) => [random.next(), query % 2], (own) =>
      best(([value, side]) => (side === 0 ? -value! : value!))(own),
    ); // prettier-ignore
    const only = { ...rows, featureNames: ['f'], values: rows.values.slice(0, rows.rows) };
    const weights = Float32Array.from({ length: 100 }, (_, query) => (query % 2 === 0 ? 1 : 0));
    const { ensemble } = await fit({ ...only, weights });
    const scores = scoresOf(ensemble, { rows: 2, values: Float32Array.of(0.02, 0.98) });
    expect(scores[0]).toBeGreaterThan(scores[1]! + 0.5);
  });

  it('is as good as LightGBM on the same rows', async () => {
    const file = join(__dirname, '../../golden/ranker/lightgbm.json');
    const golden = JSON.parse(readFileSync(file, 'utf8')) as Record<
      'train' | 'test' | 'rows' | 'trainSeed' | 'testSeed' | 'trees' | 'ndcg',
      number
    >;
    const rows = utilityWorld(golden.train, golden.rows, golden.trainSeed);
    const later = utilityWorld(golden.test, golden.rows, golden.testSeed);
    const { ensemble } = await fit(rows, { trees: golden.trees, minRowsInLeaf: 20 });
    expect(ndcgOf(later, scoresOf(ensemble, later))).toBeGreaterThan(golden.ndcg - 0.01);
  });

  it('names features and their ranges, and the objective, as LightGBM does', async () => {
    const rows = rankerRows(
      { queries: 20, rows: 10 },
      (random) => [7, random.below(3), NaN],
      best((row) => row[1]!),
    );
    const { ensemble, gainOf } = await fit(rows, { trees: 1, objective: 'xendcg' });
    expect(ensemble.featureNames).toEqual(['f0', 'f1', 'f2']);
    expect(ensemble.featureInfos).toEqual(['none', '[0:2]', 'none']);
    expect(ensemble.objective).toBe('rank_xendcg');
    expect([gainOf[0], gainOf[2]]).toEqual([0, 0]);
  });

  it('takes infinite values for the largest', async () => {
    const rows = rankerRows(
      { queries: 50, rows: 10 },
      (random) => [random.next() < 0.3 ? Infinity : random.next() < 0.3 ? -Infinity : random.next()],
      (own) => own.map(([value]) => (value === Infinity ? 1 : 0)),
    );
    const { ensemble } = await fit(rows, { trees: 2 });
    expect(ndcgOf(rows, scoresOf(ensemble, rows))).toBe(1);
    expect([...ensemble.trees[0]!.threshold].every(Number.isFinite)).toBe(true);
  });

  it('learns from one query of two rows, and ends where nothing can be split', async () => {
    const rows = rankerRows(
      { queries: 1, rows: 2 },
      (_, __, row) => [row],
      best(([value]) => value!),
    );
    const { ensemble } = await fit(rows, { minRowsInLeaf: 1, trees: 2, minHessianInLeaf: 0 });
    expect(scoresOf(ensemble, rows)[1]).toBeGreaterThan(scoresOf(ensemble, rows)[0]!);
    const { ensemble: leaf } = await fit(rows, { minRowsInLeaf: 2, trees: 9 });
    expect(leaf.trees.map((tree) => [tree.leaves, ...tree.leafValue])).toEqual([[1, 0]]);
  });
});

describe('a fit of ranking trees', () => {
  const rows = rankerRows(
    { queries: 40, rows: 10 },
    uniform(3),
    best((row) => row[0]!),
  );

  it('reports each tree, and ends with the reason of an aborted signal; the workers go on', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const seen: number[] = [];
    const onProgress = ({ trees }: { readonly trees: number }): void => {
      seen.push(trees);
      if (trees === 3) setTimeout(() => controller.abort(reason));
    };
    const endless = { ...SETTINGS, trees: 1e9, learningRate: 1e-9 };
    const fitted = fitRanker(rows, null, endless, { workers, signal: controller.signal, onProgress });
    await expect(fitted).rejects.toBe(reason);
    expect(seen.slice(0, 3)).toEqual([1, 2, 3]);
    expect((await fit(rows)).trees).toBe(10);
    const aborted = AbortSignal.abort(reason);
    await expect(fitRanker(rows, null, SETTINGS, { workers, signal: aborted })).rejects.toBe(reason);
  });

  it('says that a worker failed instead of waiting for it', async () => {
    const broken = new RankerWorkers(2);
    const fitted = fitRanker(rows, null, { ...SETTINGS, trees: 1e9, learningRate: 1e-9 }, { workers: broken });
    setTimeout(() => void broken.close(), 200);
    await expect(fitted).rejects.toMatchObject({ code: 'WORKER_FAILED' });
  });

  it('refuses sets that say nothing', async () => {
    const none = { ...rows, rows: 0, values: new Float32Array(0), labels: new Uint8Array(0), starts: Int32Array.of(0) };
    await expect(fit(none)).rejects.toMatchObject({ code: 'TOO_FEW_ROWS', message: 'there is no row to rank' });
    const alike = fit({ ...rows, labels: new Uint8Array(rows.rows).fill(1) });
    await expect(alike).rejects.toThrow('there is no query with rows of different relevance');
    const still = fit({ ...rows, values: new Float32Array(rows.values.length).fill(NaN) });
    await expect(still).rejects.toThrow('there is no feature that varies');
  });

  it.each([
    [{ values: new Float32Array(3) }, 'values: 3, expected 1200'],
    [{ labels: new Uint8Array(3) }, 'labels: 3, expected 400'],
    [{ weights: new Float32Array(3) }, 'weights: 3, expected 40'],
    [{ starts: Int32Array.of(0, 9) }, 'last start: 9, expected 400'],
    [{ starts: Int32Array.of(0, 20, 10, 400) }, 'starts[2] = 10: allowed is from 20'],
    [{ labels: new Uint8Array(400).fill(31) }, 'labels[0] = 31: allowed is 0 to 30'],
    [{ weights: new Float32Array(40).fill(NaN) }, 'weights[0] = NaN: allowed is a number from 0'],
  ])('refuses rows that contradict themselves: %#', async (change, message) => {
    await expect(fit({ ...rows, ...change })).rejects.toMatchObject({ code: 'BAD_TRAINING_SET', message });
  });

  it('refuses a validation set of other features, and sets beyond its reach', async () => {
    const other = { ...rows, featureNames: ['a', 'b', 'c'] };
    await expect(fit(rows, {}, other)).rejects.toThrow('has the features a,b,c, expected f0,f1,f2');
    const many = fit({ ...rows, rows: 2 ** 23 + 1 });
    await expect(many).rejects.toMatchObject({ code: 'TRAINING_SET_TOO_LARGE' });
  });

  it.each([
    [{ trees: 0 }, 'trees=0: allowed is a whole number from 1'],
    [{ learningRate: 0 }, 'learningRate=0: allowed is a number above 0'],
    [{ leaves: 1 }, 'leaves=1: allowed is a whole number from 2 to 4096'],
    [{ minRowsInLeaf: 0 }, 'minRowsInLeaf=0'],
    [{ minHessianInLeaf: -1 }, 'minHessianInLeaf=-1'],
    [{ l2: -1 }, 'l2=-1'],
    [{ featureFraction: 0 }, 'featureFraction=0: allowed is a number above 0, at most 1'],
    [{ rowFraction: 1.1 }, 'rowFraction=1.1'],
    [{ bins: 256 }, 'bins=256: allowed is a whole number from 2 to 255'],
    [{ truncation: 0 }, 'truncation=0'],
    [{ earlyStoppingRounds: -1 }, 'earlyStoppingRounds=-1'],
    [{ seed: 0.5 }, 'seed=0.5: allowed is a whole number'],
    [{ objective: 'mse' as 'logloss' }, 'objective=mse: allowed is lambdarank, xendcg, logloss'],
  ])('refuses settings that it cannot use: %o', async (setting, message) => {
    await expect(fit(rows, setting)).rejects.toMatchObject({ code: 'BAD_TRAINING_SETTING' });
    await expect(fit(rows, setting)).rejects.toThrow(message);
  });
});
