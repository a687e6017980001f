import { arrangeRows } from '../../../src/training/ranker/arrange-rows.js';
import { type RankerRows } from '../../../src/training/ranker/ranker-rows.js';

function rowsOf(labels: readonly (readonly number[])[]): RankerRows {
  const starts = [0];
  for (const own of labels) starts.push(starts.at(-1)! + own.length);
  const rows = starts.at(-1)!;
  return {
    featureNames: ['f'],
    rows,
    values: new Float32Array(rows),
    labels: Uint8Array.from(labels.flat()),
    starts: Int32Array.from(starts),
    weights: null,
  };
}

describe('arrangeRows', () => {
  const rows = rowsOf([[1, 0, 0], [0, 0], [], [1, 1], [0, 2, 1, 0]]);

  it('keeps queries whose rows differ in relevance, in their order, with all their rows', () => {
    const { queries, starts, rows: places, longest } = arrangeRows(rows, { onlyTelling: true, seed: 1 });
    expect([...queries]).toEqual([0, 4]);
    expect([...starts]).toEqual([0, 3, 7]);
    expect([...places.slice(0, 3)].sort()).toEqual([0, 1, 2]);
    expect([...places.slice(3)].sort()).toEqual([7, 8, 9, 10].sort());
    expect(longest).toBe(4);
  });

  it('keeps all but empty queries where rows count one by one', () => {
    expect([...arrangeRows(rows, { onlyTelling: false, seed: 1 }).queries]).toEqual([0, 1, 3, 4]);
  });

  it('puts each row at each place about as often', () => {
    const many = rowsOf(Array.from({ length: 6_000 }, () => [1, 0, 0]));
    const { rows: places } = arrangeRows(many, { onlyTelling: true, seed: 3 });
    const counts = new Float64Array(9);
    places.forEach((row, at) => counts[3 * (at % 3) + (row % 3)]!++);
    expect(Math.min(...counts)).toBeGreaterThan(1_850);
    expect(Math.max(...counts)).toBeLessThan(2_150);
  });

  it('shuffles the same way for the same seed only', () => {
    const order = (seed: number) => [
      ...arrangeRows(rowsOf(Array(20).fill([1, 0, 0, 0])), { onlyTelling: true, seed }).rows,
    ];
    expect(order(1)).toEqual(order(1));
    expect(order(1)).not.toEqual(order(2));
  });
});
