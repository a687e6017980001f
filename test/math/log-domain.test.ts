import fc from 'fast-check';
import { logAdd, logStamp, logSubtract, logValue } from '../../src/math/log-domain.js';

const HALF_LIFE = 600_000;
const T0 = 1_700_000_000_000;
const add = fc.record({
  weight: fc.double({ min: 0.01, max: 100, noNaN: true }),
  at: fc.integer({ min: 0, max: 20 * HALF_LIFE }),
});

describe('sums in the log domain', () => {
  it('are what adding decayed weights gives, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(add, { minLength: 1, maxLength: 30 }), (additions) => {
        const now = T0 + 20 * HALF_LIFE;
        const plain = additions.reduce((sum, { weight, at }) => sum + weight * 2 ** (-(now - T0 - at) / HALF_LIFE), 0);
        const stored = (list: typeof additions): number =>
          list.reduce((sum, { weight, at }) => logAdd(sum, logStamp(weight, T0 + at, HALF_LIFE)), -Infinity);
        expect(logValue(stored(additions), now, HALF_LIFE) / plain).toBeCloseTo(1, 6);
        expect(stored([...additions].reverse())).toBeCloseTo(stored(additions), 8);
      }),
      { seed: 1 },
    );
  });

  it('keep their order for ever and never overflow', () => {
    const early = logStamp(1000, T0, HALF_LIFE);
    const late = logStamp(1, T0 + 11 * HALF_LIFE, HALF_LIFE);
    expect(late).toBeGreaterThan(early);
    expect(logValue(late, T0 + 1e12, HALF_LIFE)).toBe(0);
    expect(Number.isFinite(late)).toBe(true);
  });

  it('take an addition back to what was before, and the only one to nothing', () => {
    const one = logStamp(1, T0, HALF_LIFE);
    const both = logAdd(one, logStamp(3, T0 + 5, HALF_LIFE));
    expect(logSubtract(both, logStamp(3, T0 + 5, HALF_LIFE))).toBeCloseTo(one, 6);
    expect(logSubtract(one, one)).toBe(-Infinity);
    expect(logAdd(-Infinity, -Infinity)).toBe(-Infinity);
  });
});
