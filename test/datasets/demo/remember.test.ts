import { remember } from '../../../src/datasets/demo/remember.js';

describe('remember', () => {
  it('computes a kept result once', () => {
    const asked: number[] = [];
    const double = remember(2, (key) => (asked.push(key), key * 2));
    expect([double(1), double(2), double(1), double(2)]).toEqual([2, 4, 2, 4]);
    expect(asked).toEqual([1, 2]);
  });

  it('forgets the oldest result first and computes it again when asked', () => {
    const asked: number[] = [];
    const double = remember(2, (key) => (asked.push(key), key * 2));
    expect([double(1), double(2), double(3), double(2), double(1)]).toEqual([2, 4, 6, 4, 2]);
    expect(asked).toEqual([1, 2, 3, 1]);
  });
});
