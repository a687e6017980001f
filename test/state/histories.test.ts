import fc from 'fast-check';
import { INTERACTION_TYPES } from '../../src/events/event.js';
import { stateHash } from '../../src/state/checkpoint.js';
import {
  copyHistory,
  DISLIKE,
  entryAt,
  Histories,
  type History,
  type HistoryEntry,
  historyOf,
  IMPRESSION,
  interactionType,
} from '../../src/state/histories.js';
import { reloaded } from '../support/saved.js';

const USER = 2;
const entry = (item: number, at: number): HistoryEntry => ({
  item,
  at,
  type: 2,
  counted: 1,
  session: 2 ** 52 + at,
  place: 0,
  context: 0,
  position: item + 1,
  pairs: item % 2,
});
const anyEntry = fc.record<HistoryEntry>({
  item: fc.nat(2 ** 31 - 1),
  at: fc.nat(50),
  type: fc.nat(INTERACTION_TYPES.length - 1),
  counted: fc.double({ min: 0, max: 1e6, noNaN: true }),
  session: fc.maxSafeNat(),
  place: fc.nat(65_535),
  context: fc.nat(65_535),
  position: fc.maxSafeNat(),
  pairs: fc.constantFrom(0, 1),
});
const entriesOf = (history: History): HistoryEntry[] =>
  Array.from({ length: history.length }, (_, offset) => entryAt(history, offset));

function historiesOf(bound: number, entries: readonly HistoryEntry[]): Histories {
  const histories = new Histories(bound);
  for (const one of entries) histories.add(USER, one);
  return histories;
}

describe('Histories', () => {
  it('keeps the newest entries whole, by time and then by arrival, and says where each went', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 30 }), fc.integer({ min: 1, max: 32 }), (entries, bound) => {
        const histories = new Histories(bound);
        let expected: HistoryEntry[] = [];
        for (const one of entries) {
          expected = [...expected, one].sort((a, b) => a.at - b.at).slice(-bound);
          expect(histories.add(USER, one)).toBe(expected.indexOf(one));
        }
        expect(entriesOf(histories.of(USER))).toEqual(expected);
      }),
      { seed: 15, numRuns: 200 },
    );
  });

  it('keeps nothing where the bound is 0, and the last one where it is 1', () => {
    const none = new Histories(0);
    expect(none.add(USER, entry(1, 10))).toBe(-1);
    expect(none.of(USER).length).toBe(0);
    expect([...historiesOf(1, [entry(1, 10), entry(2, 30), entry(3, 20)]).of(USER).item]).toEqual([2]);
  });

  it('takes one more than the bound in place of the oldest, and refuses one older than that', () => {
    const histories = historiesOf(3, [entry(1, 10), entry(2, 20), entry(3, 30)]);
    expect(histories.add(USER, entry(4, 9))).toBe(-1);
    expect([...histories.of(USER).item]).toEqual([1, 2, 3]);
    expect(histories.add(USER, entry(5, 25))).toBe(1);
    expect([...histories.of(USER).item]).toEqual([2, 5, 3]);
  });

  it('is empty for a user without any, and after it is cleared', () => {
    const histories = historiesOf(3, [entry(1, 10)]);
    expect(histories.of(1_000).length).toBe(0);
    histories.clear(USER);
    histories.clear(1_000);
    expect(entriesOf(histories.of(USER))).toEqual([]);
    expect([...histories.of(USER).item]).toEqual([]);
  });

  it('keeps users apart when one of them loses an entry', () => {
    const histories = historiesOf(3, [entry(1, 10), entry(2, 20)]);
    histories.add(USER + 1, entry(3, 15));
    histories.remove(USER, 0);
    expect([...histories.of(USER).item]).toEqual([2]);
    expect([...histories.of(USER + 1).item]).toEqual([3]);
  });

  it('goes on after it was saved and read back as if it had not been', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 12 }), anyEntry, (entries, next) => {
        const histories = historiesOf(5, entries);
        const read = reloaded(histories, new Histories(5));
        for (const one of [histories, read]) one.add(USER, next);
        expect(entriesOf(read.of(USER))).toEqual(entriesOf(histories.of(USER)));
        expect(stateHash(read)).toBe(stateHash(histories));
      }),
      { seed: 16 },
    );
  });
});

describe('a history', () => {
  it('is the same from its entries as in the columns', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 10 }), (entries) => {
        expect(entriesOf(historyOf(entries))).toEqual(entries);
      }),
      { seed: 17 },
    );
  });

  it('stands still as a copy while the view goes with the state', () => {
    const histories = historiesOf(2, [entry(1, 10), entry(2, 20)]);
    const copy = copyHistory(histories.of(USER));
    const before = entriesOf(copy);
    histories.add(USER, entry(3, 30));
    expect(entriesOf(copy)).toEqual(before);
    expect([...histories.of(USER).item]).toEqual([2, 3]);
  });

  it('names its types by the numbers of the log', () => {
    expect(INTERACTION_TYPES.map((_, type) => interactionType(type))).toEqual(INTERACTION_TYPES);
    expect([interactionType(IMPRESSION), interactionType(DISLIKE)]).toEqual(['IMPRESSION', 'DISLIKE']);
  });
});
