import fc from 'fast-check';
import { merge, scoreCandidates } from '../../src/engine/candidate.js';
import { type Retrieved } from '../../src/engine/source.js';
import { IndexMarks } from '../../src/math/index-marks.js';

const ITEMS = 12;
/** A source that retrieved these items and scores any item by its index. */
const source = (...items: number[]): Retrieved => ({
  items: Int32Array.from(items),
  score: (item) => item / 10,
  cut: false,
});
const lists = fc.array(
  fc.option(fc.uniqueArray(fc.integer({ min: 0, max: ITEMS - 1 }), { maxLength: 8 }).map((items) => source(...items))),
  { maxLength: 4 },
);

describe('merge', () => {
  it('holds each retrieved item once, in the order of the sources and their ranks', () => {
    const marks = new IndexMarks();
    expect([...merge([source(3, 1), null, source(1, 2, 3), source(0)], ITEMS, marks)]).toEqual([3, 1, 2, 0]);
    expect([...merge([null, source()], ITEMS, marks)]).toEqual([]);
  });

  it('loses nothing and repeats nothing, whatever the marks held before', () => {
    const marks = new IndexMarks();
    fc.assert(
      fc.property(lists, (retrieved) => {
        const merged = [...merge(retrieved, ITEMS, marks)];
        expect(merged).toEqual([...new Set(retrieved.flatMap((one) => [...(one?.items ?? [])]))]);
      }),
      { seed: 29 },
    );
  });
});

describe('scoreCandidates', () => {
  it('has every source’s score of every candidate, and its rank of what it retrieved itself', () => {
    const retrieved = [source(3, 1), null, source(5, 1)];
    const candidates = scoreCandidates(Int32Array.of(1, 3, 5), retrieved, ITEMS, new IndexMarks());
    expect(candidates.count).toBe(3);
    expect(candidates.scores.map((column) => [...column])).toEqual([
      [0.1, 0.3, 0.5],
      [0, 0, 0],
      [0.1, 0.3, 0.5],
    ]);
    expect(candidates.ranks.map((column) => [...column])).toEqual([
      [2, 1, 0],
      [0, 0, 0],
      [2, 0, 1],
    ]);
  });

  it('keeps the ranks in which an item was retrieved where others were filtered out', () => {
    const { ranks } = scoreCandidates(Int32Array.of(4), [source(9, 8, 4)], ITEMS, new IndexMarks());
    expect([...ranks[0]!]).toEqual([3]);
  });
});
