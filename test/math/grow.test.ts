import { grow } from '../../src/math/grow.js';

describe('grow', () => {
  it('gives the array itself where it has room', () => {
    const array = Int32Array.of(1, 2, 3);
    expect(grow(array, 0)).toBe(array);
    expect(grow(array, 3)).toBe(array);
  });

  it('keeps type and content in the larger copy, and holds the fill in all that is new', () => {
    const larger = grow(Float64Array.of(1, 2, 3), 4, -Infinity);
    expect(larger).toBeInstanceOf(Float64Array);
    expect([...larger.subarray(0, 3)]).toEqual([1, 2, 3]);
    expect(new Set(larger.subarray(3))).toEqual(new Set([-Infinity]));
    expect(new Set(grow(Uint8Array.of(7), 20).subarray(1))).toEqual(new Set([0]));
  });

  it('leaves the smaller array as it was', () => {
    const array = Uint16Array.of(5);
    grow(array, 100, 9)[0] = 1;
    expect([...array]).toEqual([5]);
  });

  it('copies a number of times that is logarithmic in the length', () => {
    let array = new Int32Array(0);
    let copies = 0;
    for (let length = 1; length <= 100_000; length++) {
      const larger = grow(array, length);
      if (larger !== array) copies++;
      array = larger;
    }
    expect(array.length).toBeGreaterThanOrEqual(100_000);
    expect(array.length).toBeLessThan(150_001);
    expect(copies).toBeLessThan(30);
  });
});
