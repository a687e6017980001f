import fc from 'fast-check';
import { stateHash } from '../../src/state/checkpoint.js';
import { CoClicks } from '../../src/state/co-clicks.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { reloaded } from '../support/saved.js';

const HALF_LIVES = [1_000, 10_000, 100_000];
const NOW = 50_000;
const BACKWARD = 0.3;

function empty(coClicks = 8): CoClicks {
  const bounds = { ...DEFAULT_STATE_SETTINGS.bounds, coClicks };
  return new CoClicks({ ...DEFAULT_STATE_SETTINGS, coClickHalfLivesMs: HALF_LIVES, bounds });
}

/** How many decayed clicks the partner counts for at the item as of NOW: co and next; 0 where it is none. */
function counts(pairs: CoClicks, item: number, partner: number, half = 1): { co: number; next: number } {
  const { start, length } = pairs.row(item);
  const at = pairs.partners.subarray(start, start + length).indexOf(partner);
  if (at === -1) return { co: 0, next: 0 };
  const [co, next] = [pairs.coSums(half)[start + at]!, pairs.nextSums(half)[start + at]!];
  return { co: pairs.evidence(co, half, NOW), next: pairs.evidence(next, half, NOW) };
}
const partnersOf = (pairs: CoClicks, item: number): number[] => {
  const { start, length } = pairs.row(item);
  return [...pairs.partners.subarray(start, start + length)];
};

interface Pair {
  readonly items: readonly [number, number];
  readonly distance: number;
  readonly at: number;
}
const pair = fc.record<Pair>({
  items: fc
    .tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 4 }))
    .map(([item, step]) => [item, (item + step) % 5] as const),
  distance: fc.integer({ min: 1, max: 4 }),
  at: fc.integer({ min: 0, max: NOW }),
});
function pairsOf(all: readonly Pair[], pairs = empty()): CoClicks {
  for (const { items, distance, at } of all) pairs.count(...items, distance, at, false);
  return pairs;
}

describe('CoClicks', () => {
  it('counts by nearness in both directions, backwards less, and as next only what follows at once', () => {
    const pairs = empty();
    pairs.count(1, 2, 1, NOW, false);
    pairs.count(1, 3, 2, NOW, false);
    expect(counts(pairs, 1, 2)).toEqual({ co: expect.closeTo(1) as number, next: expect.closeTo(1) as number });
    expect(counts(pairs, 1, 3)).toEqual({ co: expect.closeTo(1 / 2) as number, next: 0 });
    expect(counts(pairs, 2, 1)).toEqual({ co: expect.closeTo(BACKWARD) as number, next: 0 });
    expect(counts(pairs, 3, 1)).toEqual({ co: expect.closeTo(BACKWARD / 2) as number, next: 0 });
    expect(counts(pairs, 2, 3)).toEqual({ co: 0, next: 0 });
  });

  it('decays each sum by its own half-life', () => {
    const pairs = empty();
    pairs.count(1, 2, 1, NOW - 10_000, false);
    const decayed = HALF_LIVES.map((_, half) => counts(pairs, 1, 2, half).next);
    HALF_LIVES.forEach((halfLifeMs, half) => expect(decayed[half]).toBeCloseTo(2 ** (-10_000 / halfLifeMs), 9));
  });

  it('has at each item totals that its partners add up to', () => {
    fc.assert(
      fc.property(fc.array(pair, { minLength: 1, maxLength: 40 }), (all) => {
        const pairs = pairsOf(all);
        for (let item = 0; item < 5; item++) {
          HALF_LIVES.forEach((_, half) => {
            const parts = partnersOf(pairs, item).map((partner) => counts(pairs, item, partner, half));
            const sum = (kind: 'co' | 'next'): number => parts.reduce((total, part) => total + part[kind], 0);
            expect(pairs.evidence(pairs.coTotal(item, half), half, NOW)).toBeCloseTo(sum('co'), 6);
            expect(pairs.evidence(pairs.nextTotal(item, half), half, NOW)).toBeCloseTo(sum('next'), 6);
          });
        }
      }),
      { seed: 23 },
    );
  });

  it('counts the same in whatever order pairs come', () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 30 }), (all) => {
        const [inOrder, late] = [pairsOf(all), pairsOf([...all].reverse())];
        for (let item = 0; item < 5; item++) {
          for (let partner = 0; partner < 5; partner++) {
            const { co, next } = counts(inOrder, item, partner);
            expect(counts(late, item, partner).co).toBeCloseTo(co, 8);
            expect(counts(late, item, partner).next).toBeCloseTo(next, 8);
          }
        }
      }),
      { seed: 24 },
    );
  });

  it('takes a pair back as if it had never been', () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 15 }), pair, (all, extra) => {
        const never = pairsOf(all);
        const undone = pairsOf([...all, extra]);
        undone.count(...extra.items, extra.distance, extra.at, true);
        for (const [item, partner] of [extra.items, [...extra.items].reverse()] as [number, number][]) {
          expect(counts(undone, item, partner, 2).co).toBeCloseTo(counts(never, item, partner, 2).co, 4);
          expect(counts(undone, item, partner, 2).next).toBeCloseTo(counts(never, item, partner, 2).next, 4);
        }
      }),
      { seed: 25 },
    );
  });

  it('changes nothing where a pair is taken back that it does not hold', () => {
    const pairs = pairsOf([{ items: [1, 2], distance: 1, at: NOW }]);
    const before = stateHash(pairs);
    pairs.count(1, 3, 1, NOW, true);
    expect(stateHash(pairs)).toBe(before);
    expect(partnersOf(pairs, 3)).toEqual([]);
  });

  it('gives a new partner the place of the weakest at the middle half-life, with nothing of its sums', () => {
    const pairs = empty(2);
    pairs.count(1, 2, 1, NOW - 20_000, false);
    pairs.count(1, 3, 4, NOW, false);
    pairs.count(1, 2, 1, NOW - 10_000, false);
    expect(counts(pairs, 1, 2).co).toBeGreaterThan(counts(pairs, 1, 3).co);
    expect(counts(pairs, 1, 2, 0).co).toBeLessThan(counts(pairs, 1, 3, 0).co);
    pairs.count(1, 4, 2, NOW, false);
    expect(partnersOf(pairs, 1)).toEqual([2, 4]);
    expect(counts(pairs, 1, 4)).toEqual({ co: expect.closeTo(1 / 2) as number, next: 0 });
  });

  it('holds as many partners as the bound and no more', () => {
    for (const bound of [1, 2, 5]) {
      const pairs = empty(bound);
      for (let partner = 10; partner < 20; partner++) {
        expect(partnersOf(pairs, 1)).toHaveLength(Math.min(bound, partner - 10));
        pairs.count(1, partner, 1, NOW + partner, false);
      }
      expect(partnersOf(pairs, 1)).toContain(19);
    }
  });

  it('has empty totals and no partners at an item without pairs', () => {
    const pairs = pairsOf([{ items: [1, 2], distance: 2, at: NOW }]);
    for (const item of [0, 3, 1_000_000]) {
      expect([pairs.row(item).length, pairs.coTotal(item, 0), pairs.nextTotal(item, 2)]).toEqual([
        0,
        -Infinity,
        -Infinity,
      ]);
    }
    expect(pairs.evidence(pairs.nextTotal(1, 0), 0, NOW)).toBe(0);
  });

  it('goes on after it was saved and read back as if it had not been', () => {
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 15 }), fc.array(pair, { maxLength: 15 }), (before, after) => {
        const pairs = pairsOf(before, empty(2));
        const read = reloaded(pairs, empty(2));
        for (const one of [pairs, read]) pairsOf(after, one);
        expect(stateHash(read)).toBe(stateHash(pairs));
      }),
      { seed: 26 },
    );
  });
});
