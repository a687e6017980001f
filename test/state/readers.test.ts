import fc from 'fast-check';
import { stateHash } from '../../src/state/checkpoint.js';
import { Readers } from '../../src/state/readers.js';
import { reloaded } from '../support/saved.js';

const ITEM = 3;

function readersOf(bound: number, readings: readonly (readonly [user: number, at: number])[]): Readers {
  const readers = new Readers(bound);
  for (const [user, at] of readings) readers.add(ITEM, user, at);
  return readers;
}
const listOf = (readers: Readers, item = ITEM): number[] => [...readers.of(item)];

describe('Readers', () => {
  it('keeps the most recent of each item, oldest first, in whatever order they come', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 1_000 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 22 }),
        (times, bound) => {
          const readers = readersOf(
            bound,
            times.map((at, user) => [user, at] as const),
          );
          const users = times.map((_, user) => user).sort((a, b) => times[a]! - times[b]!);
          expect(listOf(readers)).toEqual(users.slice(-bound));
        },
      ),
      { seed: 14, numRuns: 300 },
    );
  });

  it('drops the oldest for one more than the bound, and takes nobody older than a full list', () => {
    const full: readonly [number, number][] = [
      [1, 10],
      [2, 20],
      [3, 30],
    ];
    expect(listOf(readersOf(3, full))).toEqual([1, 2, 3]);
    expect(listOf(readersOf(3, [...full, [4, 40]]))).toEqual([2, 3, 4]);
    expect(listOf(readersOf(3, [...full, [4, 15]]))).toEqual([4, 2, 3]);
    expect(listOf(readersOf(3, [...full, [4, 9]]))).toEqual([1, 2, 3]);
    expect(listOf(readersOf(4, [...full, [4, 9]]))).toEqual([4, 1, 2, 3]);
  });

  it('holds only the last one where the bound is 1', () => {
    expect(
      listOf(
        readersOf(1, [
          [1, 10],
          [2, 20],
          [3, 15],
        ]),
      ),
    ).toEqual([2]);
  });

  it('puts the one who came later behind another at the same time', () => {
    expect(
      listOf(
        readersOf(3, [
          [5, 10],
          [4, 10],
          [6, 10],
        ]),
      ),
    ).toEqual([5, 4, 6]);
  });

  it('holds a user once, at the place of the later reading', () => {
    expect(
      listOf(
        readersOf(3, [
          [1, 10],
          [2, 20],
          [1, 30],
          [1, 30],
        ]),
      ),
    ).toEqual([2, 1]);
  });

  it('keeps the newest reading of a user where an older one comes late, also in a full list', () => {
    const late: readonly [number, number][] = [
      [1, 30],
      [2, 20],
      [1, 10],
    ];
    expect(listOf(readersOf(3, late))).toEqual([2, 1]);
    expect(listOf(readersOf(2, [...late, [3, 25]]))).toEqual([3, 1]);
  });

  it('puts another user in the place of one, at the newest reading of both', () => {
    const readers = readersOf(4, [
      [1, 10],
      [2, 20],
      [3, 30],
      [4, 40],
    ]);
    readers.replace(ITEM, 1, 9);
    expect(listOf(readers)).toEqual([9, 2, 3, 4]);
    readers.replace(ITEM, 3, 9);
    expect(listOf(readers)).toEqual([2, 9, 4]);
    readers.replace(ITEM, 2, 4);
    readers.replace(ITEM, 77, 9);
    expect(listOf(readers)).toEqual([9, 4]);
  });

  it('pushes nobody out for a user who reads again', () => {
    expect(
      listOf(
        readersOf(2, [
          [1, 10],
          [2, 20],
          [2, 30],
          [1, 40],
        ]),
      ),
    ).toEqual([2, 1]);
  });

  it('says whether a removed user was one, and keeps the order of the rest', () => {
    const readers = readersOf(3, [
      [1, 10],
      [2, 20],
      [3, 30],
    ]);
    expect(readers.remove(ITEM, 2)).toBe(true);
    expect(readers.remove(ITEM, 2)).toBe(false);
    expect(readers.remove(ITEM + 1, 1)).toBe(false);
    expect(readers.remove(1_000_000, 1)).toBe(false);
    expect(listOf(readers)).toEqual([1, 3]);
  });

  it('keeps the readers of each item apart', () => {
    const readers = readersOf(2, [[1, 10]]);
    readers.add(ITEM + 1, 2, 20);
    expect([ITEM - 1, ITEM, ITEM + 1, ITEM + 2].map((item) => listOf(readers, item))).toEqual([[], [1], [2], []]);
  });

  it('goes on after it was saved and read back as if it had not been', () => {
    const readers = readersOf(3, [
      [1, 10],
      [2, 30],
      [3, 20],
      [4, 25],
    ]);
    const read = reloaded(readers, new Readers(3));
    for (const one of [readers, read]) one.add(ITEM, 5, 26);
    expect(listOf(read)).toEqual([4, 5, 2]);
    expect(stateHash(read)).toBe(stateHash(readers));
  });
});
