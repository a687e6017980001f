import fc from 'fast-check';
import { type Event } from '../../src/events/event.js';
import { pseudonymiser } from '../../src/events/pseudonymise.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { sessionKey } from '../../src/state/session-of.js';
import { type LiveState } from '../../src/state/live-state.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { click, NOON, stateOf } from '../support/state.js';

const merge = (fromUserId: string, intoUserId: string): Event => ({ kind: 'merge', fromUserId, intoUserId, at: NOON });
const forget = (userId: string): Event => ({ kind: 'forget', userId, at: NOON });
const bounded = (bounds: object): object => ({ bounds: { ...DEFAULT_STATE_SETTINGS.bounds, ...bounds } });

const readersOf = (state: LiveState, id: string): (string | null)[] =>
  [...state.readers.of(state.items.find(id))].map((user) => state.users.idOf(user));
const sessionUsers = (state: LiveState, id: string): (string | null)[] =>
  state.sessions.usersOf(sessionKey(id)).map((user) => state.users.idOf(user));
function readBy(state: LiveState, userId: string): string[] | null {
  const view = state.users.read([userId], state.position)[0]!;
  return view && [...view.history.item].map((item) => state.items.id(item));
}

describe('a merge', () => {
  const visits = [click('visitor', 'a', 0, { sessionId: 's' }), click('anna', 'b', 1), click('visitor', 'c', 2)];

  it('orders both histories by time, adds up the interactions and goes on with the later session', () => {
    const state = stateOf([...visits, merge('visitor', 'anna')]);
    expect(readBy(state, 'anna')).toEqual(['a', 'b', 'c']);
    expect(readBy(state, 'visitor')).toBeNull();
    expect(state.users.read(['anna'], 4)[0]).toMatchObject({ interactions: 3, session: { lastAt: visits[2]!.at } });
  });

  it('puts the second user where the first one was: among readers and in sessions', () => {
    const state = stateOf([...visits, click('bob', 'a', 3, { sessionId: 's' }), merge('visitor', 'anna')]);
    expect([readersOf(state, 'a'), readersOf(state, 'c')]).toEqual([['anna', 'bob'], ['anna']]);
    expect(sessionUsers(state, 's')).toEqual(expect.arrayContaining(['anna', 'bob']));
    expect(sessionUsers(state, 's')).toHaveLength(2);
  });

  it('makes the second user a reader at the newest reading of both, as far back as reader lists go', () => {
    const bob = click('bob', 'a', 5);
    for (const visitor of [[0, 10], [10, 0], [10]]) {
      const reads = visitor.map((minutes) => click('visitor', 'a', minutes));
      expect(readersOf(stateOf([...reads, bob, merge('visitor', 'anna')]), 'a')).toEqual(['bob', 'anna']);
    }
    const both = [click('visitor', 'a', 0), bob, click('anna', 'a', 10), merge('visitor', 'anna')];
    expect(readersOf(stateOf(both), 'a')).toEqual(['bob', 'anna']);
    const lost = [click('visitor', 'a', 0), click('visitor', 'b', 1), merge('visitor', 'anna')];
    expect(readersOf(stateOf(lost, bounded({ history: 1 })), 'a')).toEqual(['anna']);
  });

  it('does not make a reader of one who only disliked', () => {
    const dislikes = [1, 2].map((minutes) => click('anna', 'a', minutes, { type: 'DISLIKE' }));
    const state = stateOf([click('visitor', 'a', 0), ...dislikes, merge('visitor', 'anna')]);
    expect(readersOf(state, 'a')).toEqual(['anna']);
    expect(readersOf(stateOf([...dislikes, click('visitor', 'b', 0), merge('visitor', 'anna')]), 'a')).toEqual([]);
  });

  it('counts nothing anew', () => {
    const [before, after] = [stateOf(visits), stateOf([...visits, merge('visitor', 'anna')])];
    expect(stateHash(after.popularity)).toBe(stateHash(before.popularity));
    expect(stateHash(after.coClicks)).toBe(stateHash(before.coClicks));
    expect(stateHash(after.items)).toBe(stateHash(before.items));
  });

  it('keeps the newest of both histories within the bound', () => {
    const state = stateOf([...visits, merge('visitor', 'anna')], bounded({ history: 2 }));
    expect(readBy(state, 'anna')).toEqual(['b', 'c']);
  });

  it('gives a history to a user whom nobody knew, and notes every id that it came from', () => {
    const state = stateOf([...visits, merge('visitor', 'new'), merge('new', 'newer'), merge('anna', 'newer')]);
    expect(readBy(state, 'newer')).toEqual(['a', 'b', 'c']);
    expect(state.users.mergedInto(state.users.find('newer'))).toEqual([
      { userId: 'visitor', position: 4 },
      { userId: 'new', position: 5 },
      { userId: 'anna', position: 6 },
    ]);
  });

  it('works the same where the first user has left memory', () => {
    const others = ['p', 'q'].map((userId) => click(userId, 'z', 9));
    const [small, large] = [{ users: 2 }, {}].map((bounds) =>
      stateOf([...visits, ...others, merge('visitor', 'anna')], bounded(bounds)),
    );
    expect(readBy(small!, 'anna')).toEqual(readBy(large!, 'anna'));
    expect(readBy(small!, 'visitor')).toBeNull();
  });

  it('of a user into itself, or of one nobody knows, changes nothing', () => {
    const before = stateHash(stateOf(visits).users);
    for (const event of [merge('anna', 'anna'), merge('nobody', 'anna'), merge('nobody', 'neither')]) {
      expect(stateHash(stateOf([...visits, event]).users)).toBe(before);
    }
  });
});

describe('a forget event', () => {
  const visits = [click('anna', 'a', 0, { sessionId: 's' }), click('bob', 'a', 1, { sessionId: 's' })];

  it('removes the person from readers and sessions, and leaves the counts', () => {
    const state = stateOf([...visits, forget('anna')]);
    expect(readBy(state, 'anna')).toBeNull();
    expect([readersOf(state, 'a'), sessionUsers(state, 's')]).toEqual([['bob'], ['bob']]);
    expect(stateHash(state.popularity)).toBe(stateHash(stateOf(visits).popularity));
    expect(state.items.clickCount(state.items.find('a'))).toBe(2);
  });

  it('removes the reader also at items that the bounded history has lost', () => {
    const state = stateOf([...visits, click('anna', 'b', 2), forget('anna')], bounded({ history: 1 }));
    expect([readersOf(state, 'a'), readersOf(state, 'b')]).toEqual([['bob'], []]);
  });

  it('removes a person who has left memory, who begins anew with the next event', () => {
    const state = stateOf([...visits, click('carl', 'c', 2), forget('anna')], bounded({ users: 2 }));
    expect(readBy(state, 'anna')).toBeNull();
    state.apply(click('anna', 'd', 3), 5);
    expect(readBy(state, 'anna')).toEqual(['d']);
  });

  it('about somebody unknown changes nothing', () => {
    const state = stateOf([...visits, forget('nobody')]);
    expect(stateHash(state.users)).toBe(stateHash(stateOf(visits).users));
    expect(readersOf(state, 'a')).toEqual(['anna', 'bob']);
  });
});

describe('a log in which an erasure has renamed a person', () => {
  /** The log as the erasure of `anna` leaves it, whose forget event stands at this position. */
  function renamed(
    events: readonly Event[],
    position: number,
    merged: readonly { userId: string; position: number }[],
  ) {
    const names = [{ userId: 'anna', position }, ...merged];
    return names.reduce<readonly Event[]>((log, { userId, position: upTo }, number) => {
      const pseudonym = `erased-${number}`;
      const rename = pseudonymiser({ userId, pseudonym, includeForgets: true, sessionSalt: 'salt' });
      return log.map((event, at) => (at < upTo && rename(event)) || event);
    }, events);
  }
  const both = [forget('anna'), forget('erased-0')];
  const interaction = (userIds: readonly string[]) =>
    fc
      .tuple(
        fc.constantFrom(...userIds),
        fc.constantFrom('a', 'b', 'c', 'd'),
        fc.integer({ min: 0, max: 200 }),
        fc.constantFrom('CLICK', 'CLICK', 'VIEW', 'DISLIKE', 'UNDO'),
        fc.constantFrom(undefined, 's', 't', 'x'),
      )
      .map(([userId, itemId, at, type, sessionId]): Event =>
        click(userId, itemId, at, { type: type as never, sessionId, context: { region: itemId } }),
      );
  const everybody = interaction(['anna', 'bob', 'carl', 'dora']);

  it('folds to the same state, also where others were in the same sessions', () => {
    const log = fc.array(everybody, { maxLength: 40 });
    const bounds = fc.record({ users: fc.integer({ min: 2, max: 5 }), sessions: fc.integer({ min: 1, max: 6 }) });
    fc.assert(
      fc.property(log, log, bounds, (before, after, bound) => {
        const events = [...before, ...both, ...after];
        const anew = renamed(events, before.length + 1, []);
        expect(stateHash(stateOf(anew, bounded(bound)))).toBe(stateHash(stateOf(events, bounded(bound))));
      }),
      { seed: 34, numRuns: 300 },
    );
  });

  it('folds to the same state where visitors had become the person', () => {
    const log = fc.array(
      fc.oneof(
        { weight: 8, arbitrary: interaction(['anna', 'bob', 'visitor-1', 'visitor-2']) },
        fc.constantFrom('visitor-1', 'visitor-2').map((from) => merge(from, 'anna')),
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(log, fc.array(everybody, { maxLength: 20 }), (before, after) => {
        const first = stateOf(before);
        const index = first.users.find('anna');
        const merged = index === -1 ? [] : first.users.mergedInto(index);
        const events = [...before, ...both, ...after];
        const anew = renamed(events, before.length + 1, merged);
        expect(stateHash(stateOf(anew, bounded({ sessions: 4 })))).toBe(
          stateHash(stateOf(events, bounded({ sessions: 4 }))),
        );
      }),
      { seed: 35, numRuns: 300 },
    );
  });
});
