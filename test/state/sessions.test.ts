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
  it('tells the last four users to come to a session, each once', () => {
    const sessions = sessionsOf(8, [
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

  it('forgets who came first for one more than the bound, and knows them again when they go on', () => {
    const sessions = sessionsOf(3, [
      [1, 10],
      [2, 20],
      [1, 11],
      [1, 10],
      [3, 30],
    ]);
    expect([1, 2, 3].map((key) => sessions.usersOf(key))).toEqual([[11], [20], [30]]);
    sessions.add(1, 10);
    expect([1, 2, 3].map((key) => sessions.usersOf(key))).toEqual([[11, 10], [], [30]]);
  });

  it('knows one reader where the bound is 1', () => {
    const sessions = sessionsOf(1, [
      [1, 10],
      [2, 20],
      [2, 21],
    ]);
    expect([1, 2].map((key) => sessions.usersOf(key))).toEqual([[], [21]]);
  });

  it('gives no second row to one who goes back and forth between a few sessions', () => {
    const sessions = sessionsOf(4, [[9, 90]]);
    for (let at = 0; at < 30; at++) sessions.add(at % 3, 10);
    expect([9, 0, 1, 2].map((key) => sessions.usersOf(key))).toEqual([[90], [10], [10], [10]]);
  });

  it('takes a user out of every session', () => {
    const sessions = sessionsOf(8, [
      [1, 10],
      [1, 11],
      [2, 11],
      [3, 12],
      [3, 11],
      [3, 10],
    ]);
    sessions.remove(11);
    expect([1, 2, 3].map((key) => sessions.usersOf(key))).toEqual([[10], [], [12, 10]]);
    sessions.remove(99);
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
    sessions.remove(11);
    expect([1, 2, 3].map((key) => sessions.usersOf(key))).toEqual([[], [], []]);
  });

  it('tells of every session exactly the last four users among the rows within the bound', () => {
    const seen = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 7 })), { maxLength: 60 });
    fc.assert(
      fc.property(seen, fc.integer({ min: 1, max: 12 }), (all, bound) => {
        const sessions = sessionsOf(bound, all);
        let rows: (readonly [key: number, user: number])[] = [];
        for (const [key, user] of all) {
          if (!rows.some((row) => row[0] === key && row[1] === user))
            rows = [...rows, [key, user] as const].slice(-bound);
        }
        for (let key = 0; key < 7; key++) {
          const users = rows.filter((row) => row[0] === key).map(([, user]) => user);
          expect(sessions.usersOf(key)).toEqual(users.slice(-4));
        }
      }),
      { seed: 19, numRuns: 200 },
    );
  });

  it('has the same rows in the same places whatever the name of one user’s sessions', () => {
    const seen = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 7 })), { maxLength: 60 });
    fc.assert(
      fc.property(seen, fc.integer({ min: 1, max: 12 }), (all, bound) => {
        const plain = sessionsOf(bound, all);
        const renamed = sessionsOf(
          bound,
          all.map(([key, user]) => [user === 0 ? key + 100 : key, user] as const),
        );
        for (const sessions of [plain, renamed]) sessions.remove(0);
        expect(stateHash(renamed)).toBe(stateHash(plain));
      }),
      { seed: 20, numRuns: 200 },
    );
  });

  it('goes on after it was saved and read back as if it had not been', () => {
    const sessions = sessionsOf(4, [
      [1, 10],
      [2, 20],
      [3, 30],
      [4, 40],
      [3, 31],
    ]);
    sessions.remove(20);
    sessions.replace(40, 31);
    const read = reloaded(sessions, new Sessions(4));
    for (const one of [sessions, read]) {
      one.add(3, 31);
      one.add(5, 50);
    }
    expect([1, 2, 3, 4, 5].map((key) => read.usersOf(key))).toEqual([[], [], [30, 31], [31], [50]]);
    expect(stateHash(read)).toBe(stateHash(sessions));
    expect(read.bytes).toBe(sessions.bytes);
  });
});
