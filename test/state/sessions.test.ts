import fc from 'fast-check';
import { stateHash } from '../../src/state/checkpoint.js';
import { Sessions } from '../../src/state/sessions.js';
import { reloaded } from '../support/saved.js';

function sessionsOf(bound: number, seen: readonly (readonly [key: number, user: number])[]): Sessions {
  const sessions = new Sessions(bound);
  for (const [key, user] of seen) sessions.add(key, user);
  return sessions;
}

describe('Sessions', () => {
  it('knows up to four users of a session, each once, and the fifth in place of the first', () => {
    const sessions = sessionsOf(2, [
      [7, 0],
      [7, 1],
      [7, 0],
      [7, 2],
      [7, 3],
    ]);
    expect(sessions.usersOf(7)).toEqual([0, 1, 2, 3]);
    sessions.add(7, 4);
    expect(sessions.usersOf(7)).toEqual([1, 2, 3, 4]);
    sessions.add(7, 2);
    expect(sessions.usersOf(7)).toEqual([1, 2, 3, 4]);
  });

  it('knows nobody of a session that never was', () => {
    expect(new Sessions(2).usersOf(0)).toEqual([]);
    expect(sessionsOf(2, [[0, 5]]).usersOf(1)).toEqual([]);
  });

  it('forgets the session that began first for one more than the bound, also where it goes on', () => {
    const sessions = sessionsOf(2, [
      [1, 10],
      [2, 20],
      [1, 11],
      [3, 30],
    ]);
    expect([1, 2, 3].map((key) => sessions.usersOf(key))).toEqual([[], [20], [30]]);
    sessions.add(1, 12);
    expect([1, 2, 3].map((key) => sessions.usersOf(key))).toEqual([[12], [], [30]]);
  });

  it('knows one session where the bound is 1', () => {
    const sessions = sessionsOf(1, [
      [1, 10],
      [2, 20],
      [2, 21],
    ]);
    expect([1, 2].map((key) => sessions.usersOf(key))).toEqual([[], [20, 21]]);
  });

  it('takes a user out of every session, and a session without users with it', () => {
    const sessions = sessionsOf(4, [
      [1, 10],
      [1, 11],
      [2, 11],
      [3, 12],
      [3, 11],
      [3, 10],
    ]);
    sessions.replace(11);
    expect([1, 2, 3].map((key) => sessions.usersOf(key))).toEqual([[10], [], [12, 10]]);
    sessions.replace(99);
    sessions.add(2, 20);
    expect([1, 2, 3].map((key) => sessions.usersOf(key))).toEqual([[10], [20], [12, 10]]);
  });

  it('puts another user in the place of one, once where both were there', () => {
    const sessions = sessionsOf(4, [
      [1, 10],
      [2, 10],
      [2, 11],
      [3, 11],
    ]);
    sessions.replace(10, 11);
    expect([1, 2, 3].map((key) => sessions.usersOf(key))).toEqual([[11], [11], [11]]);
  });

  it('knows of the last sessions to begin exactly the last four users each', () => {
    const seen = fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 7 })), { maxLength: 60 });
    fc.assert(
      fc.property(seen, fc.integer({ min: 1, max: 6 }), (all, bound) => {
        const sessions = sessionsOf(bound, all);
        const expected = new Map<number, number[]>();
        for (const [key, user] of all) {
          const users = expected.get(key) ?? [];
          if (!users.includes(user)) expected.set(key, [...users, user].slice(-4));
          if (expected.size > bound) expected.delete([...expected.keys()][0]!);
        }
        for (let key = 0; key < 10; key++) expect(sessions.usersOf(key)).toEqual(expected.get(key) ?? []);
      }),
      { seed: 19, numRuns: 200 },
    );
  });

  it('goes on after it was saved and read back as if it had not been', () => {
    const sessions = sessionsOf(3, [
      [1, 10],
      [2, 20],
      [3, 30],
      [4, 40],
    ]);
    sessions.replace(20);
    const read = reloaded(sessions, new Sessions(3));
    for (const one of [sessions, read]) {
      one.add(3, 31);
      one.add(5, 50);
    }
    expect([1, 2, 3, 4, 5].map((key) => read.usersOf(key))).toEqual([[], [], [30, 31], [40], [50]]);
    expect(stateHash(read)).toBe(stateHash(sessions));
    expect(read.bytes).toBe(sessions.bytes);
  });
});
