import { bootstrap } from '../../src/math/bootstrap.js';
import { seededRandom } from '../../src/math/random.js';

describe('bootstrap', () => {
  it('gives intervals that hold the true mean about as often as they say', () => {
    const random = seededRandom(7);
    const trials = 200;
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      // 60 users of 1 to 4 queries each; a user's own rate is 0.1 or 0.5, so the true mean is 0.3.
      const users: number[] = [];
      const hits: number[] = [];
      for (let user = 0; user < 60; user++) {
        const own = random.below(2) === 0 ? 0.1 : 0.5;
        for (let query = random.below(4); query >= 0; query--) {
          users.push(user);
          hits.push(random.next() < own ? 1 : 0);
        }
      }
      const { low, high } = bootstrap(users, [hits], random).interval(0);
      if (low <= 0.3 && 0.3 <= high) held++;
    }
    expect(held / trials).toBeGreaterThan(0.9);
    expect(held / trials).toBeLessThan(0.99);
  });

  it('draws users, not queries', () => {
    // One user brings half of the rows: without that user the mean is 0.
    const users = [...new Array<number>(99).fill(0), ...Array.from({ length: 99 }, (_, at) => at + 1)];
    const hits = users.map((user) => (user === 0 ? 1 : 0));
    const { low, high } = bootstrap(users, [hits], seededRandom(1)).interval(0);
    expect(low).toBe(0);
    expect(high).toBeGreaterThan(0.7);
    const each = users.map((_, row) => row);
    const byQuery = bootstrap(each, [hits], seededRandom(1)).interval(0);
    expect(byQuery.low).toBeGreaterThan(0.4);
    expect(byQuery.high).toBeLessThan(0.6);
  });

  it('finds no difference between equal columns, and a paired one narrower than either interval', () => {
    const random = seededRandom(3);
    const users = Array.from({ length: 400 }, (_, row) => row >> 1);
    const one = users.map(() => random.below(2));
    const other = one.map((hit, row) => (row % 20 === 0 ? 0 : hit));
    const resampled = bootstrap(users, [one, one.slice(), other], random);
    expect(resampled.difference(0, 1)).toEqual({ mean: 0, low: 0, high: 0 });
    const { low, high } = resampled.difference(0, 2);
    const alone = resampled.interval(0);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high - low).toBeLessThan((alone.high - alone.low) / 2);
  });

  it('gives the same interval for the same seed, and zeros for no rows', () => {
    const of = (seed: number) => bootstrap([0, 1, 2, 3], [[0, 1, 0, 1]], seededRandom(seed)).interval(0);
    expect(of(1)).toEqual(of(1));
    expect(bootstrap([], [[]], seededRandom(1)).interval(0)).toEqual({ low: 0, high: 0 });
  });

  it('has a point for an interval where all rows agree', () => {
    expect(bootstrap([0, 1, 2], [[1, 1, 1]], seededRandom(1)).interval(0)).toEqual({ low: 1, high: 1 });
  });
});
