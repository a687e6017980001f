import fc from 'fast-check';
import { bestItems, scoreItems } from '../../src/engine/source.js';

describe('bestItems', () => {
  it('holds the best by score, ties by index, and nothing that has no score', () => {
    const scores = fc.array(fc.constantFrom(0, 0.1, 0.2, 0.3, NaN, -1), { maxLength: 20 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 0, max: 22 }), (all, quota) => {
        const items = all.map((_, item) => item).reverse();
        const expected = all
          .map((_, item) => item)
          .filter((item) => all[item]! > 0)
          .sort((a, b) => all[b]! - all[a]! || a - b);
        expect([...bestItems(items, (item) => all[item]!, quota)]).toEqual(expected.slice(0, quota));
      }),
      { seed: 30, numRuns: 300 },
    );
  });
});

describe('scoreItems', () => {
  it('gives one score an item, in their order', () => {
    expect([...scoreItems([3, 1, 3], (item) => item * 2)]).toEqual([6, 2, 6]);
    expect(scoreItems([], () => 1)).toHaveLength(0);
  });
});
