import { gaussLegendre } from '../../src/math/gauss-legendre.js';

describe('gaussLegendre', () => {
  it.each([1, 2, 3, 7, 20, 64, 200])('of %d points integrates powers up to twice as many', (count) => {
    const { points, weights } = gaussLegendre(count);
    for (let power = 0; power < 2 * count; power++) {
      let sum = 0;
      for (let at = 0; at < count; at++) sum += weights[at]! * points[at]! ** power;
      expect(sum).toBeCloseTo(1 / (power + 1), 12);
    }
    expect(Math.min(...weights)).toBeGreaterThan(0);
  });

  it('of two points is known', () => {
    const { points } = gaussLegendre(2);
    expect(points[0]).toBeCloseTo((1 - 1 / Math.sqrt(3)) / 2, 15);
    expect(points[1]).toBeCloseTo((1 + 1 / Math.sqrt(3)) / 2, 15);
  });
});
