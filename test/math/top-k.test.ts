import fc from 'fast-check';
import { topK } from '../../src/math/top-k.js';

const score = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(NaN, Infinity, -Infinity));

describe('topK', () => {
  it('equals sorting: best first, ties by key, what is not finite at the end', () => {
    fc.assert(
      fc.property(
        fc.array(score, { maxLength: 60 }),
        fc.integer({ min: 0, max: 70 }),
        fc.boolean(),
        (scores, k, keyed) => {
          const keys = keyed ? scores.map((_, index) => (index * 37) % 101) : undefined;
          const rank = (value: number): number => (Number.isFinite(value) ? value : -Infinity);
          const key = (index: number): number => keys?.[index] ?? index;
          const sorted = scores
            .map((_, index) => index)
            .sort((a, b) => {
              const [x, y] = [rank(scores[a]!), rank(scores[b]!)];
              return x === y ? key(a) - key(b) : y - x;
            });
          expect([...topK(scores, scores.length, k, keys)]).toEqual(sorted.slice(0, k));
        },
      ),
      { seed: 2 },
    );
  });
});
