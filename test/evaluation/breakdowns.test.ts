import { breakdowns, type Bucket } from '../../src/evaluation/breakdowns.js';
import { type Judged } from '../../src/evaluation/tally.js';

const HOUR = 3_600_000;

function judged(rest: Partial<Judged> = {}): Judged {
  return {
    userId: 'u',
    slice: 'next',
    ranks: [1, 0],
    isSampled: true,
    ablated: [],
    at: 0,
    historyLength: 0,
    itemAgeMs: 0,
    region: null,
    ...rest,
  };
}

const SYSTEMS = ['one', 'other'];
const counted = (buckets: readonly Bucket[]): [string, number][] => buckets.map(({ label, n }) => [label, n]);

describe('breakdowns', () => {
  it('groups by hour in UTC, in order, without empty hours', () => {
    const rows = [23, 5, 5].map((hour) => judged({ at: hour * HOUR + HOUR - 1 }));
    expect(counted(breakdowns(rows, SYSTEMS).hour)).toEqual([
      ['05:00', 2],
      ['23:00', 1],
    ]);
  });

  it('gives each system its own hit rate in a bucket', () => {
    const rows = [judged({ ranks: [3, 0] }), judged({ ranks: [0, 0] }), judged({ ranks: [1, 10] })];
    const { hr } = breakdowns(rows, SYSTEMS).hour[0]!;
    expect(hr).toEqual({ one: 2 / 3, other: 1 / 3 });
  });

  it('groups histories by length, each border in the upper bucket', () => {
    const lengths = [0, 1, 2, 3, 4, 5, 9, 10, 49, 50, 5_000];
    const { historyLength } = breakdowns(
      lengths.map((length) => judged({ historyLength: length })),
      SYSTEMS,
    );
    expect(counted(historyLength)).toEqual([
      ['0', 1],
      ['1', 1],
      ['2', 1],
      ['3–4', 2],
      ['5–9', 2],
      ['10–19', 1],
      ['20–49', 1],
      ['50+', 2],
    ]);
  });

  it('groups items by age, with those that were not there yet apart', () => {
    const ages = [null, 0, 0.99, 1, 5.9, 6, 200];
    const { itemAge } = breakdowns(
      ages.map((hours) => judged({ itemAgeMs: hours === null ? null : hours * HOUR })),
      SYSTEMS,
    );
    expect(counted(itemAge)).toEqual([
      ['unborn', 1],
      ['0–1 h', 2],
      ['1–3 h', 1],
      ['3–6 h', 1],
      ['6–12 h', 1],
      ['168+ h', 1],
    ]);
  });

  it('shows the twelve busiest regions, then the others, and calls a missing one none', () => {
    const rows = Array.from({ length: 14 }, (_, region) =>
      Array.from({ length: 20 - region }, () => judged({ region: `r${region}` })),
    ).flat();
    const buckets = counted(breakdowns([...rows, ...new Array<Judged>(30).fill(judged())], SYSTEMS).region);
    expect(buckets[0]).toEqual(['none', 30]);
    expect(buckets[1]).toEqual(['r0', 20]);
    expect(buckets).toHaveLength(13);
    expect(buckets.at(-1)).toEqual(['others', 9 + 8 + 7]);
  });

  it('has no buckets for no rows', () => {
    expect(breakdowns([], SYSTEMS)).toEqual({ hour: [], historyLength: [], itemAge: [], region: [] });
  });
});
