import { exponential, logNormal, normalised, pick, poisson, weightedIndex } from '../../../src/datasets/demo/draw.js';
import { seededRandom, type Random } from '../../../src/math/random.js';

const DRAWS = 20_000;

function draws(draw: (random: Random) => number): number[] {
  const random = seededRandom(11);
  return Array.from({ length: DRAWS }, () => draw(random));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('draw', () => {
  it('draws indexes in proportion to their weights, and never one of weight 0', () => {
    const indexes = draws((random) => weightedIndex(random, [1, 0, 3]));
    expect(indexes.filter((index) => index === 0).length / DRAWS).toBeCloseTo(0.25, 1);
    expect(indexes).not.toContain(1);
  });

  it('gives a crumb left by rounding to the last index that has a weight', () => {
    expect(weightedIndex(seededRandom(1), [1, 2, 0], 1e9)).toBe(1);
  });

  it('picks each of a list', () => {
    const random = seededRandom(2);
    expect(new Set(Array.from({ length: 100 }, () => pick(random, ['a', 'b', 'c'])))).toEqual(new Set(['a', 'b', 'c']));
  });

  it('draws Poisson counts whose mean and variance are the mean asked for', () => {
    const counts = draws((random) => poisson(random, 3));
    expect(Math.abs(mean(counts) - 3)).toBeLessThan(0.1);
    expect(Math.abs(mean(counts.map((count) => (count - 3) ** 2)) - 3)).toBeLessThan(0.2);
  });

  it('draws log-normal numbers of median 1', () => {
    const below = draws((random) => logNormal(random, 0.8)).filter((value) => value < 1);
    expect(below.length / DRAWS).toBeCloseTo(0.5, 1);
  });

  it('draws exponential numbers of the mean asked for', () => {
    expect(Math.abs(mean(draws((random) => exponential(random, 8))) - 8)).toBeLessThan(0.3);
  });

  it('normalises weights to a sum of 1', () => {
    expect([...normalised([1, 3])]).toEqual([0.25, 0.75]);
  });
});
