import fc from 'fast-check';
import { topK } from '../../src/math/top-k.js';
import { topOfColumn } from '../../src/math/top-of-column.js';

const score = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(NaN, -Infinity));

describe('topOfColumn', () => {
  it('lists what topK lists of the column, but nothing that is not finite', () => {
    fc.assert(
      fc.property(fc.array(score, { maxLength: 90 }), fc.nat(2), fc.integer({ min: 1, max: 12 }), (all, column, k) => {
        const rows = Math.floor(all.length / 3);
        const list = new Int32Array(k);
        topOfColumn(Float32Array.from(all), { column, columns: 3, rows }, list, new Float32Array(k));
        const own = Array.from({ length: rows }, (_, row) => all[3 * row + column]!);
        const best = [...topK(own, rows, k)].filter((row) => Number.isFinite(own[row]));
        expect([...list]).toEqual([...best, ...new Array<number>(k - best.length).fill(-1)]);
      }),
      { seed: 6 },
    );
  });
});
