import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { type HistoryEntry } from '../../src/state/histories.js';
import { Users, type UserView } from '../../src/state/users.js';
import { reloaded } from '../support/saved.js';

const HISTORY = 3;
const entry = (item: number, at: number): HistoryEntry => ({
  item,
  at,
  type: 2,
  counted: 0.5,
  session: 2 ** 52 + at,
  place: 1,
  context: 4,
  position: at,
  pairs: 1,
});

/** Users who were active in this order, at positions from 1. */
function usersOf(bound: number, userIds: readonly string[], records = new MemoryUserRecords()): Users {
  const users = new Users({ bound, history: HISTORY, records });
  userIds.forEach((userId, at) => users.activate(userId, at + 1));
  return users;
}

/** Gives the user one of everything. */
function furnish(users: Users, userId: string, position: number): void {
  const index = users.activate(userId, position);
  for (const at of [10, 30, 20, 40]) users.addEntry(index, entry(at, at));
  users.countInteraction(index, 4);
  users.setSession(index, { key: 77, clicks: 2, lastAt: 40, named: true });
  users.setProfile(index, { context: { region: 'n' }, attributes: { plan: ['x', 1] }, updatedAt: 9 });
  users.setMerged(index, [{ userId: 'visitor', position: 1 }]);
}

/** What is known of the user, but for where it is held. */
function told(users: Users, userId: string, position: number): object | null {
  const view = users.read([userId], position)[0]!;
  if (view === null) return null;
  const { interactions, session, profile, history } = view as UserView;
  return {
    interactions,
    session,
    profile,
    items: [...history.item],
    at: [...history.at],
    context: [...history.context],
  };
}

describe('Users', () => {
  it('gives indexes in order of activity, and one user the same index', () => {
    const users = usersOf(10, ['a', 'b', 'a', 'c']);
    expect(['a', 'b', 'c', 'd'].map((userId) => users.find(userId))).toEqual([0, 1, 2, -1]);
    expect([users.count, users.indexes]).toEqual([3, 3]);
    expect([0, 1, 2, 3].map((index) => users.idOf(index))).toEqual(['a', 'b', 'c', null]);
    expect(users.mostRecent(2)).toEqual(['c', 'a']);
  });

  it('knows nothing of a user who is new but that there is one', () => {
    expect(told(usersOf(2, ['a']), 'a', 1)).toEqual({
      interactions: 0,
      session: null,
      profile: null,
      items: [],
      at: [],
      context: [],
    });
    expect(usersOf(2, ['a']).read(['b', 'a', 'b'], 1)).toEqual([null, expect.anything(), null]);
  });

  it('lets the least recently active one leave for one more than the bound', () => {
    for (const bound of [1, 2, 3]) {
      const users = usersOf(bound, ['a', 'b', 'c'].slice(0, bound));
      expect(users.count).toBe(bound);
      users.activate('a', 4);
      users.activate('more', 5);
      expect(users.count).toBe(bound);
      expect(users.find(bound === 1 ? 'a' : 'b')).toBe(-1);
      expect(users.find('more')).not.toBe(-1);
    }
  });

  it('tells everything of a user who left, and of one who came back', () => {
    const users = usersOf(2, ['a', 'b']);
    furnish(users, 'a', 3);
    const before = told(users, 'a', 3);
    users.activate('b', 4);
    users.activate('c', 5);
    expect(users.find('a')).toBe(-1);
    expect(users.read(['a'], 5)[0]!.index).toBe(-1);
    expect(told(users, 'a', 5)).toEqual(before);
    const index = users.activate('a', 6);
    expect(told(users, 'a', 6)).toEqual(before);
    expect(users.mergedInto(index)).toEqual([{ userId: 'visitor', position: 1 }]);
    expect(users.session(index)).toEqual({ key: 77, clicks: 2, lastAt: 40, named: true });
  });

  it('reads without making anybody active or bringing anybody back', () => {
    const users = usersOf(2, ['a', 'b', 'c']);
    const before = stateHash(users);
    users.read(['a', 'b', 'c', 'd'], 3);
    expect(stateHash(users)).toBe(before);
    expect(users.mostRecent(5)).toEqual(['c', 'b']);
  });

  it('gives the index of one who left to the next one, with nothing of the former', () => {
    const users = usersOf(1, []);
    furnish(users, 'a', 1);
    const index = users.activate('b', 2);
    expect([index, users.idOf(index), users.indexes]).toEqual([0, 'b', 1]);
    expect(told(users, 'b', 2)).toEqual(told(usersOf(1, ['b']), 'b', 1));
    expect(users.mergedInto(index)).toEqual([]);
  });

  it('knows nothing any more of one who was removed, in memory or not', () => {
    const users = usersOf(2, []);
    for (const [at, userId] of ['a', 'b', 'c'].entries()) furnish(users, userId, at + 1);
    users.remove('a', 4);
    users.remove('b', 4);
    users.remove('never', 4);
    expect(users.read(['a', 'b'], 4)).toEqual([null, null]);
    expect([users.count, users.idOf(1)]).toEqual([1, null]);
    users.activate('a', 5);
    expect(told(users, 'a', 5)).toEqual(told(usersOf(1, ['a']), 'a', 1));
    expect(told(users, 'c', 5)).toMatchObject({ interactions: 4 });
  });

  it('removes an entry by its offset and keeps at most as many as the bound', () => {
    const users = usersOf(1, ['a']);
    furnish(users, 'a', 2);
    expect([...users.history(0).item]).toEqual([20, 30, 40]);
    users.removeEntry(0, 1);
    expect([...users.history(0).item]).toEqual([20, 40]);
    expect(users.addEntry(0, entry(25, 25))).toBe(1);
    expect(users.addEntry(0, entry(5, 5))).toBe(-1);
  });

  it('goes on after it was saved and read back as if it had not been', () => {
    const records = new MemoryUserRecords();
    const users = usersOf(3, ['a', 'b', 'c', 'd'], records);
    furnish(users, 'b', 5);
    users.remove('c', 6);
    const read = reloaded(users, new Users({ bound: 3, history: HISTORY, records }));
    expect(stateHash(read)).toBe(stateHash(users));
    expect(['b', 'd'].map((userId) => told(read, userId, 6))).toEqual(
      ['b', 'd'].map((userId) => told(users, userId, 6)),
    );
    for (const one of [users, read]) for (const [at, id] of ['e', 'a', 'f', 'b'].entries()) one.activate(id, 7 + at);
    expect(read.mostRecent(3)).toEqual(['b', 'f', 'a']);
    expect(['a', 'b', 'e', 'f'].map((id) => read.find(id))).toEqual(['a', 'b', 'e', 'f'].map((id) => users.find(id)));
    expect(told(read, 'b', 11)).toMatchObject({ interactions: 4, items: [20, 30, 40] });
    expect(stateHash(read)).toBe(stateHash(users));
  });
});
