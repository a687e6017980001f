import fc from 'fast-check';
import { logStamp } from '../../src/math/log-domain.js';
import { CounterTable } from '../../src/state/counter-table.js';
import { type Saved } from '../../src/state/sections.js';
import { reloaded } from '../support/saved.js';

const HALF_LIVES = [1_000, 10_000, 100_000];
const SHAPE = { halfLivesMs: HALF_LIVES, bound: 64, list: 8 };
const stampsOf = (weight: number, at: number): Float64Array =>
  Float64Array.from(HALF_LIVES, (half) => logStamp(weight, at, half));

interface Addition {
  readonly item: number;
  readonly weight: number;
  readonly at: number;
}
const addition = fc.record({
  item: fc.integer({ min: 0, max: 20 }),
  weight: fc.constantFrom(0.5, 1, 2, 5),
  at: fc.integer({ min: 0, max: 50_000 }),
});

function tableOf(additions: readonly Addition[]): CounterTable {
  const table = new CounterTable(SHAPE);
  for (const { item, weight, at } of additions) table.add(item, stampsOf(weight, at));
  return table;
}

/** A copy out of what the table saves: it has no lists, and sorts all of its counts. */
function sortedAnew(table: CounterTable): CounterTable {
  const copy = new CounterTable(SHAPE);
  const part = (one: CounterTable): Saved => ({
    save: (out) => one.save('table', out),
    load: (from) => one.load('table', from),
  });
  reloaded(part(table), part(copy));
  return copy;
}

/** Decayed counts as they stand at the latest time, added up plainly. */
function plain(additions: readonly Addition[], halfLifeMs: number): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { item, weight, at } of additions) {
    counts.set(item, (counts.get(item) ?? 0) + weight * 2 ** ((at - 50_000) / halfLifeMs));
  }
  return counts;
}

describe('CounterTable', () => {
  it('lists the best items of every half-life as counting and sorting would', () => {
    fc.assert(
      fc.property(fc.array(addition, { minLength: 1, maxLength: 60 }), (additions) => {
        const table = tableOf(additions);
        HALF_LIVES.forEach((halfLifeMs, half) => {
          const counts = plain(additions, halfLifeMs);
          const listed = [...table.best(half, 8)];
          expect(listed).toHaveLength(Math.min(8, counts.size));
          const values = listed.map((item) => counts.get(item)!);
          const sorted = [...counts.values()].sort((a, b) => b - a).slice(0, 8);
          values.forEach((value, rank) => expect(value / sorted[rank]!).toBeCloseTo(1, 6));
        });
      }),
      { seed: 4 },
    );
  });

  it('keeps its lists as sorting everything would give them, ties by item, while counts rise and are taken back', () => {
    const step = fc.record({ addition, takeBack: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 80 }), (steps) => {
        const table = tableOf([]);
        const counted: Addition[] = [];
        for (const { addition: one, takeBack } of steps) {
          // Few moments, so that counts are often equal.
          const at = one.at - (one.at % 25_000);
          const last = counted.at(-1);
          if (!takeBack || last === undefined) {
            counted.push({ ...one, at });
            table.add(one.item, stampsOf(one.weight, at));
          } else {
            counted.pop();
            table.subtract(last.item, stampsOf(last.weight, last.at));
          }
          const sorted = sortedAnew(table);
          for (let half = 0; half < HALF_LIVES.length; half++) {
            expect([...table.best(half, 8)]).toEqual([...sorted.best(half, 8)]);
          }
        }
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it('gives shares that add up to one and match plain counting', () => {
    fc.assert(
      fc.property(fc.array(addition, { minLength: 1, maxLength: 40 }), (additions) => {
        const table = tableOf(additions);
        HALF_LIVES.forEach((halfLifeMs, half) => {
          const counts = plain(additions, halfLifeMs);
          const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
          for (const [item, count] of counts) expect(table.share(item, half)).toBeCloseTo(count / total, 8);
        });
      }),
      { seed: 5 },
    );
  });

  it('takes an addition back as if it had never been', () => {
    fc.assert(
      fc.property(fc.array(addition, { minLength: 1, maxLength: 20 }), addition, (additions, extra) => {
        const table = tableOf([...additions, extra]);
        table.subtract(extra.item, stampsOf(extra.weight, extra.at));
        const never = tableOf(additions);
        for (let item = 0; item <= 20; item++) expect(table.share(item, 2)).toBeCloseTo(never.share(item, 2), 5);
      }),
      { seed: 6 },
    );
  });

  it('drops the weaker half when it is full, and never what stands in a list', () => {
    const table = new CounterTable(SHAPE);
    for (let item = 0; item < 64; item++) table.add(item, stampsOf(1 + (item % 7), 1_000));
    const listed = [...table.best(0, 8)];
    for (let item = 64; item < 100; item++) table.add(item, stampsOf(0.5, 1_000));
    expect([...table.best(0, 8)]).toEqual(listed);
    for (const item of listed) expect(table.share(item, 0)).toBeGreaterThan(0);
  });
});
