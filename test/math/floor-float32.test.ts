import fc from 'fast-check';
import { floorFloat32 } from '../../src/math/floor-float32.js';

describe('floorFloat32', () => {
  it('parts the float32 numbers where the double does', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.float({ noNaN: true }), (value, x) => {
        expect(x <= floorFloat32(value)).toBe(x <= value);
        const near = Math.fround(value);
        expect(near <= floorFloat32(value)).toBe(near <= value);
      }),
      { seed: 3, numRuns: 2000 },
    );
  });

  it.each([
    [0.1, 0.09999999403953552],
    [-0.1, -0.10000000149011612],
    [1e300, 3.4028234663852886e38],
    [-1e300, -Infinity],
    [Infinity, Infinity],
    [1e-320, 0],
    [-1e-320, -(2 ** -149)],
    [0.5, 0.5],
  ])('of %d is %d', (value, floor) => expect(floorFloat32(value)).toBe(floor));
});
