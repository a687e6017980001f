import { thin } from '../../src/training/thin.js';

const ALL = Array.from({ length: 20_000 }, (_, at) => `key ${at}`);
const itself = (key: string): string => key;

describe('thin', () => {
  it('keeps about as many as asked for, in their order', () => {
    const kept = thin(ALL, 1_000, itself);
    // Six standard deviations of a binomial.
    expect(Math.abs(kept.length - 1_000)).toBeLessThan(6 * Math.sqrt(1_000 * 0.95));
    const chosen = new Set(kept);
    expect(kept).toEqual(ALL.filter((key) => chosen.has(key)));
  });

  it('chooses by the key alone: the same ones again, whatever their order, others by other keys', () => {
    const kept = thin(ALL, 1_000, itself);
    expect(thin(ALL, 1_000, itself)).toEqual(kept);
    expect([...thin(ALL.toReversed(), 1_000, itself)].reverse()).toEqual(kept);
    const other = thin(ALL, 1_000, (key) => `other seed ${key}`);
    expect(other.filter((key) => kept.includes(key)).length).toBeLessThan(150);
  });

  it('keeps all where there are no more', () => {
    expect(thin(ALL.slice(0, 5), 5, itself)).toEqual(ALL.slice(0, 5));
    expect(thin([], 5, itself)).toEqual([]);
  });
});
