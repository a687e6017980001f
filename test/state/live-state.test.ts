import fc from 'fast-check';
import { type Event } from '../../src/events/event.js';
import { openMemoryLog } from '../support/memory-log.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { FilesCheckpointStore } from '../../src/state/files-checkpoint-store.js';
import { Follower } from '../../src/state/follower.js';
import { type LiveState } from '../../src/state/live-state.js';
import { DEFAULT_STATE_SETTINGS, type StateSettings } from '../../src/state/state-settings.js';
import { withFolder } from '../support/server.js';
import { click, NOON, stateOf } from '../support/state.js';

const user = fc.constantFrom('u1', 'u2', 'u3', 'u4', 'u5');
const item = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const minutes = fc.integer({ min: 0, max: 3_000 });
const interaction = fc
  .tuple(
    user,
    item,
    minutes,
    fc.constantFrom('CLICK', 'VIEW', 'LIKE', 'DISLIKE', 'UNDO', 'IMPRESSION', 'PURCHASE'),
    fc.constantFrom(undefined, 's1', 's2'),
  )
  .map(([userId, itemId, at, type, sessionId]): Event =>
    click(userId, itemId, at, { type: type as never, sessionId, context: { region: itemId } }),
  );
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 10, arbitrary: interaction },
  fc
    .tuple(item, fc.boolean())
    .map(([itemId, available]): Event => ({ kind: 'item', itemId, available, attributes: { size: 1 }, at: NOON })),
  fc
    .tuple(item, fc.constantFrom('x', 2, null))
    .map(([itemId, size]): Event => ({ kind: 'item', itemId, attributes: { size }, at: NOON })),
  user.map((userId): Event => ({
    kind: 'profile',
    userId,
    context: { device: 'd' },
    attributes: { plan: userId },
    at: NOON,
  })),
  fc.tuple(user, user).map(([fromUserId, intoUserId]): Event => ({ kind: 'merge', fromUserId, intoUserId, at: NOON })),
  user.map((userId): Event => ({ kind: 'forget', userId, at: NOON })),
);
const log = fc.array(event, { maxLength: 60 });

function small(bounds: Partial<StateSettings['bounds']>): StateSettings {
  return { ...DEFAULT_STATE_SETTINGS, bounds: { ...DEFAULT_STATE_SETTINGS.bounds, sessions: 64, ...bounds } };
}

/** What can be asked of every user. */
function views(state: LiveState): object {
  const users = ['u1', 'u2', 'u3', 'u4', 'u5'];
  return state.users.read(users, state.position).map((view) => {
    if (view === null) return null;
    const { interactions, profile, session, history } = view;
    return {
      interactions,
      profile,
      session,
      items: [...history.item],
      at: [...history.at],
      counted: [...history.counted],
    };
  });
}

describe('LiveState', () => {
  it('is the same from a checkpoint and the rest of the log as from its start', async () => {
    await fc.assert(
      fc.asyncProperty(log, fc.integer({ min: 0, max: 60 }), async (events, cut) => {
        await withFolder(async (folder) => {
          const settings = small({ users: 3 });
          const whole = openMemoryLog();
          const records = new MemoryUserRecords();
          await whole.append(events.slice(0, cut));
          const first = await Follower.open({
            log: whole,
            records,
            settings,
            checkpoints: new FilesCheckpointStore(folder),
          });
          await first.checkpoint();
          await whole.append(events.slice(cut));
          const resumed = await Follower.open({
            log: whole,
            records,
            settings,
            checkpoints: new FilesCheckpointStore(folder),
          });
          const anew = await Follower.open({
            log: whole,
            records: new MemoryUserRecords(),
            settings,
            checkpoints: null,
          });
          await first.catchUp();
          expect(stateHash(resumed.state)).toBe(stateHash(anew.state));
          expect(stateHash(first.state)).toBe(stateHash(anew.state));
          expect(views(resumed.state)).toEqual(views(anew.state));
        });
      }),
      { seed: 8, numRuns: 40 },
    );
  });

  it('tells the same of every user whether or not they spilled from memory', () => {
    fc.assert(
      fc.property(log, (events) => {
        const [spilling, roomy] = [2, 1_000].map((users) => stateOf(events, small({ users })));
        expect(views(spilling!)).toEqual(views(roomy!));
        expect(spilling!.users.count).toBeLessThanOrEqual(2);
      }),
      { seed: 9, numRuns: 150 },
    );
  });

  it('counts and pairs as if an undone click had never been', () => {
    fc.assert(
      fc.property(
        fc.array(
          interaction.filter((one) => (one as { type: string }).type === 'CLICK'),
          { maxLength: 20 },
        ),
        (events) => {
          const last = click('u9', 'c', 4_000, { context: { region: 'c' } });
          const before = click('u9', 'a', 3_995);
          const never = stateOf([...events, before]);
          const undone = stateOf([...events, before, last, click('u9', 'c', 4_001, { type: 'UNDO' })]);
          const shares = (state: LiveState): number[] =>
            ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => state.popularity.global?.share(state.items.find(id), 4) ?? 0);
          shares(undone).forEach((share, at) => expect(share).toBeCloseTo(shares(never)[at]!, 5));
          const readers = (state: LiveState): number[] => {
            const item = state.items.find('c');
            return item === -1 ? [] : [...state.readers.of(item)];
          };
          expect(readers(undone)).toEqual(readers(never));
          const [a, c] = [undone.items.find('a'), undone.items.find('c')];
          const pair = (state: LiveState): number => {
            const { start, length } = state.coClicks.row(a);
            const at = [...state.coClicks.partners.subarray(start, start + length)].indexOf(c);
            return at === -1
              ? 0
              : Math.exp(state.coClicks.nextSums(2)[start + at]! - (NOON / (7 * 86_400_000)) * Math.LN2);
          };
          expect(pair(undone)).toBeCloseTo(never.items.find('c') === -1 ? 0 : pair(never), 4);
        },
      ),
      { seed: 10, numRuns: 100 },
    );
  });

  it('counts a reader once an item and day, and upgrades by the difference', () => {
    const clicks = Array.from({ length: 100 }, (_, at) => click('loop', 'a', at / 10));
    const state = stateOf([...clicks, click('fair', 'b', 10)]);
    const [a, b] = ['a', 'b'].map((id) => state.popularity.global!.share(state.items.find(id), 4));
    expect(a).toBeCloseTo(b!, 2);
    state.apply(click('loop', 'a', 11, { type: 'PURCHASE' }), state.position + 1);
    expect(state.popularity.global!.share(state.items.find('a'), 4)).toBeCloseTo(5 / 6, 2);
    state.apply(click('loop', 'a', 11 + 1_450), state.position + 1);
    expect(state.popularity.global!.share(state.items.find('a'), 0)).toBeGreaterThan(0.99);
  });

  it('does not count a reader again by interactions older than all that a full history keeps', () => {
    const settings = small({ history: 5 });
    const filler = Array.from({ length: 5 }, (_, at) => click('bot', `filler-${at}`, 10 + at));
    const once = [click('fair', 'fair', 9), ...filler];
    const stuffed = [...once, ...Array.from({ length: 100 }, (_, at) => click('bot', 'stuffed', at / 20))];
    const [clean, state] = [once, stuffed].map((events) => stateOf(events, settings));
    const share = (of: LiveState, id: string): number => of.popularity.global!.share(of.items.find(id), 4);
    expect(share(state!, 'stuffed')).toBe(0);
    expect(share(state!, 'fair')).toBe(share(clean!, 'fair'));
    expect([...state!.readers.of(state!.items.find('stuffed'))]).toEqual([]);
    expect(state!.coClicks.row(state!.items.find('stuffed')).length).toBe(0);
    const [bot] = state!.users.read(['bot'], state!.position);
    expect(bot).toMatchObject({ interactions: 105, session: clean!.users.session(clean!.users.find('bot')) });
    state!.apply(click('bot', 'stuffed', 20, { type: 'UNDO' }), state!.position + 1);
    expect(share(state!, 'fair')).toBe(share(clean!, 'fair'));
  });

  it('does not count a reader again at an item that a full history has lost', () => {
    const settings = small({ history: 5 });
    const cycle = Array.from({ length: 6 }, (_, at) => `own-${at}`);
    const once = [click('fair', 'fair', 0), ...cycle.map((id, at) => click('bot', id, at))];
    const looped = Array.from({ length: 600 }, (_, at) => click('bot', cycle[at % 6]!, at));
    const undone = looped.flatMap((one, at) => (at % 7 === 0 ? [one, { ...one, type: 'UNDO' as const }, one] : [one]));
    const share = (events: readonly Event[]): number => {
      const state = stateOf(events, settings);
      return state.popularity.global!.share(state.items.find('fair'), 4);
    };
    expect(share(once)).toBeCloseTo(1 / 7, 2);
    expect(share([...once, ...looped])).toBeCloseTo(1 / 7, 2);
    expect(share([...once, ...undone])).toBeGreaterThan(0.1);
  });

  it('gives equal shares for events that come late', () => {
    const events = Array.from({ length: 30 }, (_, at) => click(`u${at}`, `i${at % 7}`, (at * 17) % 100));
    const inOrder = stateOf([...events].sort((x, y) => x.at - y.at));
    const late = stateOf(events);
    for (let item = 0; item < 7; item++) {
      const share = (state: LiveState): number => state.popularity.global!.share(state.items.find(`i${item}`), 0);
      expect(share(late)).toBeCloseTo(share(inOrder), 9);
    }
  });

  it('leaves no trace of a forgotten user by id', () => {
    const events: Event[] = [
      click('anna', 'a', 0, { sessionId: 's' }),
      { kind: 'profile', userId: 'anna', attributes: { name: 'Anna' }, at: NOON },
      click('bob', 'a', 1, { sessionId: 's' }),
      { kind: 'forget', userId: 'anna', at: NOON },
    ];
    const state = stateOf(events);
    const saved: string[] = [];
    state.save({ array: () => undefined, json: (_name, value) => saved.push(JSON.stringify(value)) });
    expect(saved.join('\n')).not.toMatch(/anna/i);
    expect([...state.readers.of(state.items.find('a'))]).toEqual([state.users.find('bob')]);
    state.apply(click('carl', 'b', 2), state.position + 1);
    expect(state.users.read(['carl'], state.position)[0]).toMatchObject({ interactions: 1, profile: null });
  });

  it('makes one history of two when a visitor signs in', () => {
    const state = stateOf([
      click('visitor', 'a', 0),
      click('anna', 'b', 1),
      { kind: 'profile', userId: 'visitor', context: { region: 'north' }, at: NOON },
      { kind: 'profile', userId: 'anna', context: { device: 'phone' }, at: NOON },
      { kind: 'merge', fromUserId: 'visitor', intoUserId: 'anna', at: NOON },
    ]);
    const [visitor, anna] = state.users.read(['visitor', 'anna'], state.position);
    expect(visitor).toBeNull();
    expect([...anna!.history.item].map((index) => state.items.id(index))).toEqual(['a', 'b']);
    expect(anna!.profile!.context).toEqual({ region: 'north', device: 'phone' });
    expect([...state.readers.of(state.items.find('a'))]).toEqual([state.users.find('anna')]);
  });

  it('ends a session by a gap where none is named, and by its name where it is', () => {
    const state = stateOf([
      click('u', 'a', 0),
      click('u', 'b', 30),
      click('u', 'c', 61),
      click('u', 'd', 62, { sessionId: 's' }),
      click('u', 'e', 600, { sessionId: 's' }),
    ]);
    expect([...state.users.history(state.users.find('u')).place]).toEqual([0, 1, 0, 0, 1]);
  });

  it('counts impressions without keeping or warming', () => {
    const state = stateOf([click('u', 'a', 0, { type: 'IMPRESSION' })]);
    expect(state.items.impressionCount(state.items.find('a'))).toBe(1);
    expect(state.users.read(['u'], 1)[0]).toMatchObject({ interactions: 0, session: null });
    expect(state.popularity.global).toBeNull();
  });

  it.each([100, 150, 300, 500])('takes no more bytes than the settings say, with %d full histories', (users) => {
    const { history, readers } = DEFAULT_STATE_SETTINGS.bounds;
    const clicks = Array.from({ length: users * history }, (_, at) =>
      click(`u${at % users}`, `i${((at % users) * 7 + Math.floor(at / users)) % 97}`, at / 60),
    );
    const state = stateOf(clicks);
    const { users: userBytes, readers: readerBytes } = state.bytes();
    expect(userBytes / users).toBeLessThan(200 + history * 165);
    expect(readerBytes / state.items.count).toBeLessThan(100 + readers * 46);
  });

  it('keeps everything within its bounds', () => {
    const settings = small({
      users: 10,
      history: 5,
      readers: 4,
      coClicks: 3,
      sessions: 8,
      scopeValues: 4,
      scopeItems: 16,
      list: 4,
    });
    const state = stateOf(
      Array.from({ length: 3_000 }, (_, at) =>
        click(`u${at % 37}`, `i${(at * 7) % 211}`, at, {
          sessionId: `s${at % 50}`,
          context: { region: `r${at % 90}` },
        }),
      ),
      settings,
    );
    const before = state.bytes();
    expect(state.users.count).toBe(10);
    for (let at = 3_000; at < 6_000; at++) {
      state.apply(
        click(`u${at % 37}`, `i${(at * 7) % 211}`, at, {
          sessionId: `s${at % 50}`,
          context: { region: `r${at % 90}` },
        }),
        at + 1,
      );
    }
    expect(state.bytes()).toEqual(before);
  });
});
