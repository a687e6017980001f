import { type Event } from '../../src/events/event.js';
import { type LiveState } from '../../src/state/live-state.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { click, MINUTE, NOON, stateOf } from '../support/state.js';

const LONGEST = DEFAULT_STATE_SETTINGS.halfLivesMs.length - 1;
const WINDOW = DEFAULT_STATE_SETTINGS.recountWindowMs / MINUTE;

/** What each interaction in the user's history has added to the counters, oldest first. */
const counted = (state: LiveState, userId = 'u'): number[] => [
  ...state.users.history(state.users.find(userId)).counted,
];
const share = (state: LiveState, id: string): number =>
  state.popularity.global?.share(state.items.find(id), LONGEST) ?? 0;

/** Next and co-clicks from one item to another as of noon, at the longest half-life. */
function pair(state: LiveState, from: string, to: string): { co: number; next: number } {
  const { coClicks, items } = state;
  const half = coClicks.halfLivesMs.length - 1;
  const { start, length } = coClicks.row(items.find(from));
  const at = coClicks.partners.subarray(start, start + length).indexOf(items.find(to));
  if (at === -1) return { co: 0, next: 0 };
  const [co, next] = [coClicks.coSums(half)[start + at]!, coClicks.nextSums(half)[start + at]!];
  return { co: coClicks.evidence(co, half, NOON), next: coClicks.evidence(next, half, NOON) };
}
const row = (userId: string, ...ids: readonly string[]): Event[] => ids.map((id, at) => click(userId, id, at));

describe('an interaction counts', () => {
  it('once for a reader and item until the window is over, to the minute', () => {
    const times = [0, 1, WINDOW - 1, WINDOW, WINDOW + 1];
    expect(counted(stateOf(times.map((at) => click('u', 'a', at))))).toEqual([1, 0, 0, 1, 0]);
  });

  it('the same for a late event: once within the window before and after', () => {
    const times = [WINDOW, 1, 0];
    expect(counted(stateOf(times.map((at) => click('u', 'a', at))))).toEqual([1, 0, 1]);
  });

  it('by what it weighs more than what the reader has counted for', () => {
    const types = ['VIEW', 'CLICK', 'PURCHASE', 'LIKE', 'CLICK'] as const;
    expect(counted(stateOf(types.map((type, at) => click('u', 'a', at, { type }))))).toEqual([0.5, 0.5, 4, 0, 0]);
  });

  it('by its own weight times that of its type, and not at all where that is 0', () => {
    const state = stateOf([
      click('u', 'a', 0, { type: 'LIKE', weight: 3 }),
      click('u', 'b', 1, { weight: 0 }),
      click('u', 'c', 2, { weight: 2 }),
    ]);
    expect(counted(state)).toEqual([6, 0, 2]);
    expect(share(state, 'b')).toBe(0);
  });

  it('apart for each reader and each item', () => {
    const state = stateOf([click('u', 'a', 0), click('v', 'a', 0), click('u', 'b', 0)]);
    expect([counted(state, 'u'), counted(state, 'v')]).toEqual([[1, 1], [1]]);
    expect(share(state, 'a')).toBeCloseTo(2 / 3, 9);
  });

  it('nowhere where it is too old for a full history', () => {
    const bounds = { ...DEFAULT_STATE_SETTINGS.bounds, history: 1 };
    const state = stateOf([click('u', 'a', 10), click('u', 'b', 0)], { bounds });
    expect(counted(state)).toEqual([1]);
    expect(share(state, 'b')).toBe(0);
    expect(pair(state, 'b', 'a')).toEqual({ co: 0, next: 0 });
  });
});

describe('a dislike', () => {
  it('joins the history and nothing else', () => {
    const state = stateOf([click('u', 'a', 0), click('u', 'b', 1, { type: 'DISLIKE' })]);
    expect([...state.users.history(0).item]).toEqual([0, 1]);
    expect([state.items.clickCount(1), state.readers.of(1).length, share(state, 'b')]).toEqual([0, 0, 0]);
    expect(pair(state, 'a', 'b')).toEqual({ co: 0, next: 0 });
  });

  it('counts for nothing, whatever its type weighs, and takes nothing from the click after it', () => {
    const weights = { ...DEFAULT_STATE_SETTINGS.weights, DISLIKE: 1 };
    const state = stateOf([click('u', 'a', 0, { type: 'DISLIKE' }), click('u', 'a', 1)], { weights });
    expect([counted(state), share(state, 'a')]).toEqual([[0, 1], 1]);
  });

  it('is undone alone', () => {
    const state = stateOf([
      click('u', 'a', 0),
      click('u', 'a', 1, { type: 'DISLIKE' }),
      click('u', 'a', 2, { type: 'UNDO' }),
    ]);
    expect([state.items.clickCount(0), counted(state), [...state.readers.of(0)]]).toEqual([1, [1], [0]]);
  });
});

describe('a late click without a session id', () => {
  const places = (minutes: readonly number[], rest: object = {}): number[] => {
    const state = stateOf(minutes.map((at) => click('u', `${at}`, at, rest)));
    return [...state.users.history(0).place];
  };

  it('begins a session of its own, and the current one goes on', () => {
    const state = stateOf([click('u', 'a', 100), click('u', 'b', 101), click('u', 'c', 10), click('u', 'd', 102)]);
    expect([...state.users.history(0).place]).toEqual([0, 0, 1, 2]);
    expect(state.users.session(0)).toMatchObject({ clicks: 3, lastAt: NOON + 102 * MINUTE });
  });

  it('goes with the late ones just before it, up to the gap', () => {
    expect(places([1_000, 10, 20, 50, 81])).toEqual([0, 1, 2, 0, 0]);
  });

  it('leaves a named session current too, and joins no named one', () => {
    const state = stateOf([
      click('u', 'a', 10, { sessionId: 's' }),
      click('u', 'b', 100, { sessionId: 't' }),
      click('u', 'c', 11),
      click('u', 'd', 12, { sessionId: 's' }),
      click('u', 'e', 101, { sessionId: 't' }),
    ]);
    expect(state.users.session(0)).toMatchObject({ clicks: 2, named: true });
    expect(pair(state, 'a', 'c')).toEqual({ co: 0, next: 0 });
    expect(pair(state, 'a', 'd').next).toBeGreaterThan(0.9);
    expect(pair(state, 'b', 'e').next).toBeGreaterThan(0.9);
  });
});

describe('an undo', () => {
  it('takes the last interaction with the item, not the one before', () => {
    const upgraded = [click('u', 'a', 0), click('u', 'a', 1, { type: 'PURCHASE' }), click('v', 'b', 1)];
    const state = stateOf([...upgraded, click('u', 'a', 2, { type: 'UNDO' })]);
    expect(counted(state)).toEqual([1]);
    expect(share(state, 'a')).toBeCloseTo(1 / 2, 3);
    expect([...state.readers.of(0)]).toEqual([state.users.find('u')]);
  });

  it('leaves the user a reader at the reading before', () => {
    const reads = [click('u', 'a', 0), click('v', 'a', 1), click('u', 'a', 2)];
    const state = stateOf([...reads, click('u', 'a', 3, { type: 'UNDO' })]);
    expect([...state.readers.of(0)]).toEqual(['u', 'v'].map((userId) => state.users.find(userId)));
  });

  it('of what is not in the history changes nothing but the number of interactions', () => {
    const state = stateOf([click('v', 'a', 0), click('u', 'b', 1)]);
    const before = [share(state, 'a'), state.items.clickCount(0), state.readers.of(0).length];
    state.apply(click('u', 'a', 2, { type: 'UNDO' }), 3);
    state.apply(click('u', 'new', 2, { type: 'UNDO' }), 4);
    expect([share(state, 'a'), state.items.clickCount(0), state.readers.of(0).length]).toEqual(before);
    expect(state.users.read(['u'], 4)[0]!.interactions).toBe(3);
  });
});

describe('pairs', () => {
  it('are made within reach, by distance', () => {
    const state = stateOf(row('u', 'a', 'b', 'c', 'd'), { coClickReach: 2 });
    expect(pair(state, 'a', 'b').next).toBeCloseTo(1, 1);
    expect(pair(state, 'a', 'c').co).toBeCloseTo(1 / 2, 1);
    expect(pair(state, 'a', 'c').next).toBe(0);
    expect(pair(state, 'a', 'd')).toEqual({ co: 0, next: 0 });
    expect(pair(state, 'd', 'c').co).toBeCloseTo(0.3, 1);
  });

  it('are made of the nearest items, each once, repetitions left out', () => {
    const state = stateOf(row('u', 'a', 'b', 'a', 'b', 'c'), { coClickReach: 2 });
    expect(pair(state, 'a', 'b').next).toBeCloseTo(1, 1);
    expect(pair(state, 'b', 'c').next).toBeCloseTo(1, 1);
    expect(pair(state, 'a', 'c').co).toBeCloseTo(1 / 2, 1);
    expect(pair(state, 'a', 'a')).toEqual({ co: 0, next: 0 });
  });

  it('are not made across sessions or readers, and are where two sessions lie between each other', () => {
    const at = (id: string, minutes: number, sessionId: string): Event => click('u', id, minutes, { sessionId });
    const state = stateOf([at('a', 0, 's'), at('x', 1, 't'), at('b', 2, 's'), at('y', 3, 't'), click('v', 'z', 4)]);
    expect([pair(state, 'a', 'b').next, pair(state, 'x', 'y').next]).toEqual(
      [1, 1].map((n) => expect.closeTo(n, 1) as number),
    );
    for (const [from, to] of ['ax', 'xb', 'by', 'yz', 'ay'] as const) expect(pair(state, from!, to!).co).toBe(0);
  });

  it('are made on both sides of a late event', () => {
    const at = (id: string, minutes: number): Event => click('u', id, minutes, { sessionId: 's' });
    const state = stateOf([at('a', 0), at('c', 2), at('late', 1)]);
    expect(pair(state, 'a', 'late').next).toBeCloseTo(1, 1);
    expect(pair(state, 'late', 'c').next).toBeCloseTo(1, 1);
    expect(pair(state, 'c', 'late').next).toBe(0);
  });
});
