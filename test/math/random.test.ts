import { type Random, seededRandom } from '../../src/math/random.js';

function draws(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.next());
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('seededRandom', () => {
  it('gives the same sequence for the same integers', () => {
    expect(draws(seededRandom(1, 2, 3), 20)).toEqual(draws(seededRandom(1, 2, 3), 20));
  });

  it('gives another sequence for other integers, another order or another number of them', () => {
    const seeds = [[], [0], [1], [0, 0], [1, 2], [2, 1], [-1], [2 ** 32], [2 ** 32 + 1], [1_736_121_600_000]];
    const firsts = seeds.map((integers) => seededRandom(...integers).next());
    expect(new Set(firsts).size).toBe(seeds.length);
  });

  it('keeps the sequence that the demo world is made of', () => {
    expect(draws(seededRandom(1, 2), 3)).toEqual([0.3447786800097674, 0.09835977270267904, 0.10490106488578022]);
  });

  it('draws from [0, 1) with the mean and variance of the uniform', () => {
    const values = draws(seededRandom(7), 20_000);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(mean(values)).toBeCloseTo(1 / 2, 1);
    expect(mean(values.map((value) => (value - 1 / 2) ** 2))).toBeCloseTo(1 / 12, 2);
  });

  it('is uncorrelated between neighbouring seeds', () => {
    const firsts = Array.from({ length: 20_000 }, (_, seed) => seededRandom(5, seed).next() - 1 / 2);
    const products = firsts.slice(1).map((value, place) => value * firsts[place]!);
    expect(Math.abs(mean(products))).toBeLessThan(0.003);
  });

  it('draws whole numbers below n, all of them equally often', () => {
    const random = seededRandom(3);
    const counts = [0, 0, 0, 0, 0];
    for (let draw = 0; draw < 10_000; draw += 1) counts[random.below(5)]! += 1;
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200);
  });

  it('draws normal numbers of mean 0 and variance 1', () => {
    const random = seededRandom(4);
    const values = Array.from({ length: 20_000 }, () => random.normal());
    expect(Math.abs(mean(values))).toBeLessThan(0.03);
    expect(Math.abs(mean(values.map((value) => value ** 2)) - 1)).toBeLessThan(0.05);
    expect(values.filter((value) => Math.abs(value) > 1.96).length / values.length).toBeCloseTo(0.05, 2);
  });
});
