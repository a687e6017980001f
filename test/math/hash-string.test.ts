import { hashString } from '../../src/math/hash-string.js';

describe('hashString', () => {
  it('gives whole numbers of 52 bits, all of their upper half used', () => {
    const hashes = Array.from({ length: 1_000 }, (_, at) => hashString(`session-${at}`));
    for (const hash of hashes) expect(Number.isSafeInteger(hash) && hash >= 0).toBe(true);
    expect(Math.max(...hashes)).toBeLessThan(2 ** 52);
    expect(Math.max(...hashes)).toBeGreaterThan(2 ** 51);
  });

  it('tells a hundred thousand ids apart that differ in a digit', () => {
    const hashes = Array.from({ length: 100_000 }, (_, at) => hashString(`s${at}`));
    expect(new Set(hashes).size).toBe(100_000);
  });

  it('depends on order, length and every code unit', () => {
    const texts = ['', 'a', 'b', 'ab', 'ba', 'aa', 'aaa', '\0', '\0\0', 'ä', 'a\u0308', '😀', '\ud83d'];
    expect(new Set(texts.map(hashString)).size).toBe(texts.length);
  });

  it('spreads ids evenly over the low bits', () => {
    const counts = new Array<number>(16).fill(0);
    for (let at = 0; at < 16_000; at++) counts[hashString(`user-${at}`) % 16]!++;
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(200);
  });
});
