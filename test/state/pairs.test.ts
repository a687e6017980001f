import fc from 'fast-check';
import { type Event } from '../../src/events/event.js';
import { entryAt, type HistoryEntry } from '../../src/state/histories.js';
import { type LiveState } from '../../src/state/live-state.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { click, NOON, stateOf } from '../support/state.js';

const { coClickReach: REACH, coClickHalfLivesMs } = DEFAULT_STATE_SETTINGS;
const LONGEST = coClickHalfLivesMs.length - 1;
const BACKWARD = 0.3;

type Sums = Record<string, number>;

/** What is counted from one item to another: co-clicks and next clicks as of noon, at the longest half-life. */
function counted({ coClicks, items }: LiveState): Sums {
  const sums: Sums = {};
  for (let item = 0; item < items.count; item++) {
    const { start, length } = coClicks.row(item);
    for (let at = start; at < start + length; at++) {
      const name = `${items.id(item)}-${items.id(coClicks.partners[at]!)}`;
      for (const [kind, column] of [
        ['co', coClicks.coSums(LONGEST)],
        ['next', coClicks.nextSums(LONGEST)],
      ] as const) {
        const sum = coClicks.evidence(column[at]!, LONGEST, NOON);
        if (sum > 1e-4) sums[`${kind} ${name}`] = sum;
      }
    }
  }
  return sums;
}

/** The same, worked out from the histories as they stand. */
function standing(state: LiveState): Sums {
  const sums: Sums = {};
  const add = (name: string, weight: number, at: number): void => {
    const worth = weight * 2 ** ((at - NOON) / coClickHalfLivesMs[LONGEST]!);
    sums[name] = (sums[name] ?? 0) + worth;
  };
  const idOf = ({ item }: HistoryEntry): string => state.items.id(item);
  for (let user = 0; user < state.users.indexes; user++) {
    const history = state.users.history(user);
    const entries = Array.from({ length: history.length }, (_, offset) => entryAt(history, offset));
    entries.forEach((later, offset) => {
      if (later.pairs === 0) return;
      const near = entries.slice(Math.max(0, offset - 4 * REACH), offset).reverse();
      const own = near.filter(({ session, pairs, item }) => session === later.session && pairs && item !== later.item);
      const nearest = own.filter(({ item }, at) => own.findIndex((other) => other.item === item) === at);
      nearest.slice(0, REACH).forEach((earlier, rank) => {
        const [from, to] = [idOf(earlier), idOf(later)];
        add(`co ${from}-${to}`, 1 / (rank + 1), later.at);
        add(`co ${to}-${from}`, BACKWARD / (rank + 1), later.at);
        if (rank === 0) add(`next ${from}-${to}`, 1, later.at);
      });
    });
  }
  return sums;
}

const near = (sums: Sums): Sums =>
  Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, expect.closeTo(sum, 3) as number]));

const undo = (userId: string, id: string, minutes: number): Event => click(userId, id, minutes, { type: 'UNDO' });
const merge = (fromUserId: string, intoUserId: string): Event => ({ kind: 'merge', fromUserId, intoUserId, at: NOON });
const bounded = (history: number): object => ({ bounds: { ...DEFAULT_STATE_SETTINGS.bounds, history } });

const user = fc.constantFrom('u', 'v', 'w');
const item = fc.constantFrom(...'abcdefgh');
const interaction = fc
  .tuple(
    user,
    item,
    fc.integer({ min: 0, max: 2_000 }),
    fc.constantFrom('CLICK', 'CLICK', 'VIEW', 'DISLIKE', 'PURCHASE', 'UNDO', 'UNDO'),
    fc.constantFrom(undefined, 's', 't'),
  )
  .map(([userId, itemId, at, type, sessionId]): Event => click(userId, itemId, at, { type: type as never, sessionId }));
const event = fc.oneof(
  { weight: 12, arbitrary: interaction },
  fc.tuple(user, user).map(([from, into]) => merge(from, into)),
);

describe('the pairs counted', () => {
  it('are those that the histories make as they stand, whatever came late, was undone or was merged', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const state = stateOf(events);
        expect(counted(state)).toEqual(near(standing(state)));
      }),
      { seed: 31, numRuns: 200 },
    );
  });

  it('are the same in whatever order the clicks of a session come', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 });
    const clicks = [...'abcdefgh'].map((id, at) => click('u', id, at, { sessionId: 's' }));
    fc.assert(
      fc.property(order, (places) => {
        expect(counted(stateOf(places.map((place) => clicks[place]!)))).toEqual(near(counted(stateOf(clicks))));
      }),
      { seed: 32, numRuns: 50 },
    );
  });

  it('lose by two undos what those two clicks had added, and nothing of another reader', () => {
    const other = [click('p', 'a', 0), click('p', 'c', 1)];
    const mine = [click('u', 'a', 2), click('u', 'm', 3), click('u', 'c', 4)];
    const never = counted(stateOf(other));
    expect(counted(stateOf([...other, ...mine, undo('u', 'm', 5), undo('u', 'c', 6)]))).toEqual(near(never));
    expect(counted(stateOf([...other, ...mine, undo('u', 'c', 5), undo('u', 'm', 6)]))).toEqual(near(never));
  });

  it('close up where a click between two others is undone, and part where one comes late', () => {
    const [a, m, c] = [click('u', 'a', 0), click('u', 'm', 1), click('u', 'c', 2)];
    const closed = counted(stateOf([a, m, c, undo('u', 'm', 3)]));
    expect(closed).toEqual(near(counted(stateOf([a, c]))));
    expect(counted(stateOf([a, c, m]))).toEqual(near(counted(stateOf([a, m, c]))));
  });

  it('of what a bounded history has lost stay', () => {
    const clicks = [...'abcd'].map((id, at) => click('u', id, at));
    const all = counted(stateOf(clicks));
    expect(counted(stateOf(clicks, bounded(2)))).toMatchObject(near({ 'next a-b': all['next a-b']! }));
    const undone = counted(stateOf([...clicks, undo('u', 'c', 5), undo('u', 'd', 6)], bounded(2)));
    expect(undone['next a-b']).toBeCloseTo(all['next a-b']!, 3);
    expect(undone['next c-d']).toBeUndefined();
    expect(undone['next b-c']).toBeCloseTo(all['next b-c']!, 3);
  });

  it('with the click that a late one pushes out of a full history stay', () => {
    const [a, b, d, late] = [click('u', 'a', 0), click('u', 'b', 10), click('u', 'd', 12), click('u', 'c', 11)];
    const state = counted(stateOf([a, b, d, late], bounded(3)));
    expect(state['next a-b']).toBeCloseTo(1, 1);
    expect(state['next b-c']).toBeCloseTo(1, 1);
    expect(state['next b-d']).toBeUndefined();
    const tooLate = [click('u', 'b', 10), click('u', 'd', 12)];
    expect(counted(stateOf([...tooLate, a], bounded(2)))).toEqual(near(counted(stateOf(tooLate))));
  });

  it('join what a visitor and the user that they sign in as clicked in one session', () => {
    const [a, b] = [click('visitor', 'a', 0, { sessionId: 's' }), click('anna', 'b', 1, { sessionId: 's' })];
    expect(counted(stateOf([a, b]))).toEqual({});
    const merged = counted(stateOf([a, b, merge('visitor', 'anna')]));
    expect(merged['next a-b']).toBeCloseTo(1, 1);
    expect(counted(stateOf([a, b, merge('visitor', 'anna'), undo('anna', 'b', 2)]))).toEqual({});
  });
});
