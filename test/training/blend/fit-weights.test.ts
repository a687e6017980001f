import fc from 'fast-check';
import { type FittedWeights, type MomentWeights, MOMENTS } from '../../../src/engine/blend-weights.js';
import { type SourceName, SOURCE_NAMES } from '../../../src/engine/stage-name.js';
import { fitWeights } from '../../../src/training/blend/fit-weights.js';
import { type MomentRows, type ScopeCell } from '../../../src/training/blend/observations.js';
import { weightsOf } from '../../support/fitted.js';

const BEFORE = weightsOf();
const EMPTY: MomentRows = { shares: [], gates: [], sources: [], asked: 0, missed: 0 };

const cellsOf = (count: number): ScopeCell[] =>
  Array.from({ length: count }, (_, at) => ({ scope: `scope${at}`, halfLifeMs: 60_000 }));

interface Row {
  /** What popularity's cells gave, all of them having seen enough. */
  readonly shares: readonly number[];
  readonly sources: Partial<Record<SourceName, number>>;
}

/** The fit of these rows of one moment; the other moments have none. */
function fitted(rows: readonly Row[], cells = 2, counts: Partial<MomentRows> = {}): FittedWeights {
  const moment: MomentRows = {
    shares: rows.flatMap(({ shares }) => shares),
    gates: rows.flatMap(({ shares }) => shares.map(() => 1)),
    sources: rows.flatMap(({ sources }) => SOURCE_NAMES.map((name) => sources[name] ?? 0)),
    asked: rows.length,
    missed: 0,
    ...counts,
  };
  const moments = { COLD: EMPTY, WARM_START: EMPTY, WARM_NEXT: moment };
  return fitWeights({ moments, cells: cellsOf(cells) }, BEFORE);
}

/** So many times the row. */
const times = (count: number, row: Row): Row[] => Array.from({ length: count }, () => row);
const BY_POPULARITY: Row = { shares: [0.5, 0], sources: {} };
const BY_NEIGHBOURS: Row = { shares: [0, 0], sources: { ITEM_NEIGHBOURS: 0.2 } };

const sumOf = (weights: MomentWeights['sources']): number =>
  Object.values(weights).reduce((sum, weight) => sum + weight, 0);

describe('fitWeights', () => {
  it('gives two sources that never speak for the same click the part that each explains', () => {
    const { sources } = fitted([...times(120, BY_POPULARITY), ...times(180, BY_NEIGHBOURS)]).WARM_NEXT;
    // Two live sources explain nothing and keep their least.
    const total = 1 + 2 * 0.003;
    expect(sources.POPULARITY).toBeCloseTo(0.4 / total, 6);
    expect(sources.ITEM_NEIGHBOURS).toBeCloseTo(0.6 / total, 6);
    expect(sources.NEWEST).toBeCloseTo(0.003 / total, 9);
    expect(sources.USER_NEIGHBOURS).toBeCloseTo(0.003 / total, 9);
    expect(sumOf(sources)).toBeCloseTo(1, 12);
  });

  it('turns factors off that explain nothing, and keeps them where they explain something', () => {
    const rest = [...times(150, BY_POPULARITY), ...times(140, BY_NEIGHBOURS)];
    expect(fitted(rest).WARM_NEXT.sources.ALS).toBe(0);
    const byFactors: Row = { shares: [0, 0], sources: { ALS: 0.3 } };
    expect(fitted([...rest, ...times(10, byFactors)]).WARM_NEXT.sources.ALS).toBeCloseTo(10 / 300, 2);
  });

  it('mixes popularity of the scopes that explain clicks, and leaves out those that hardly do', () => {
    const rows = [
      ...times(699, { shares: [0.5, 0, 0], sources: {} }),
      ...times(297, { shares: [0, 0.1, 0], sources: {} }),
      ...times(4, { shares: [0, 0, 0.9], sources: {} }),
    ];
    const { popularity, sources } = fitted(rows, 3).WARM_NEXT;
    expect(popularity.map(({ scope }) => scope)).toEqual(['scope0', 'scope1']);
    expect(popularity[0]!.weight).toBeCloseTo(699 / 996, 6);
    expect(popularity[1]!.weight).toBeCloseTo(297 / 996, 6);
    expect(sources.POPULARITY).toBeGreaterThan(0.98);
  });

  it('keeps all scopes where there are so many that none has a hundredth', () => {
    const cells = 150;
    const rows = Array.from({ length: 300 }, (_, row): Row => ({
      shares: Array.from({ length: cells }, (_, cell) => (cell === row % cells ? 0.5 : 0)),
      sources: {},
    }));
    const { popularity, sources } = fitted(rows, cells).WARM_NEXT;
    expect(popularity).toHaveLength(cells);
    popularity.forEach(({ weight }) => expect(weight).toBeCloseTo(1 / cells, 6));
    expect(sources.POPULARITY).toBeGreaterThan(0.98);
  });

  it('keeps the weights of a moment with too few clicks that a source had found', () => {
    const enough = fitted(times(200, BY_NEIGHBOURS));
    expect(enough.WARM_NEXT).not.toBe(BEFORE.WARM_NEXT);
    expect([enough.COLD, enough.WARM_START]).toEqual([BEFORE.COLD, BEFORE.WARM_START]);
    expect(fitted(times(199, BY_NEIGHBOURS)).WARM_NEXT).toBe(BEFORE.WARM_NEXT);
    const missed = fitted(times(199, BY_NEIGHBOURS), 2, { asked: 5_000, missed: 4_801 });
    expect(missed.WARM_NEXT).toBe(BEFORE.WARM_NEXT);
  });

  it('gives positive weights that add up to 1, whatever was seen', () => {
    const share = fc.oneof(
      { arbitrary: fc.constant(0), weight: 2 },
      { arbitrary: fc.double({ min: 0, max: 1, noNaN: true }), weight: 1 },
    );
    const row = fc.record({
      shares: fc.array(share, { minLength: 3, maxLength: 3 }),
      sources: fc.record(Object.fromEntries(SOURCE_NAMES.map((name) => [name, share]))),
    }) as fc.Arbitrary<Row>;
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
        const weights = fitted(
          Array.from({ length: 200 }, (_, at) => rows[at % rows.length]!),
          3,
        );
        for (const moment of MOMENTS) {
          const { sources, popularity } = weights[moment];
          expect(Object.keys(sources)).toEqual([...SOURCE_NAMES]);
          expect(sumOf(sources)).toBeCloseTo(moment === 'WARM_NEXT' ? 1 : sumOf(BEFORE[moment].sources), 9);
          const all = [...Object.values(sources), ...popularity.map(({ weight }) => weight)];
          expect(all.filter((weight) => !(weight >= 0 && weight <= 1))).toEqual([]);
          expect(popularity.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
        }
      }),
      { seed: 1, numRuns: 60 },
    );
  });
});
