import { resolveQueries } from '../../../src/engine/query.js';
import { createEngine } from '../../../src/engine/recommend.js';
import { type LiveState } from '../../../src/state/live-state.js';
import { BUILT_IN_SCENARIOS } from '../../../src/engine/scenario.js';
import { type SourceName, SOURCE_NAMES } from '../../../src/engine/stage-name.js';
import { queryOf } from '../../support/query.js';
import { click, MINUTE, NOON, stateOf } from '../../support/state.js';

/** What the source alone retrieves: ids, best first, and their scores. */
function retrieved(state: LiveState, name: SourceName, rest: Parameters<typeof queryOf>[0] = {}): [string, number][] {
  const one = Object.fromEntries(SOURCE_NAMES.map((source) => [source, 1])) as Record<SourceName, number>;
  const scenario = { ...BUILT_IN_SCENARIOS[0]!, weights: { COLD: one, WARM: one } };
  const { retrieved: all } = createEngine({ clock: () => 0 }).inspect(queryOf({ scenario, ...rest }), state, null);
  const { items, score } = all[SOURCE_NAMES.indexOf(name)]!;
  return [...items].map((item) => [state.items.id(item), score(item)]);
}

describe('popularity', () => {
  const clicks = (item: string, count: number, context: object, minutes = 0): ReturnType<typeof click>[] =>
    Array.from({ length: count }, (_, at) =>
      click(`${item}-${at}-${JSON.stringify(context)}`, item, minutes, { context }),
    );

  it('puts first what readers of the same region click', () => {
    const state = stateOf([...clicks('north', 40, { region: 'n' }), ...clicks('south', 60, { region: 's' })]);
    expect(retrieved(state, 'POPULARITY', { context: { region: 'n' }, now: NOON })[0]![0]).toBe('north');
    expect(retrieved(state, 'POPULARITY', { context: { region: 's' }, now: NOON })[0]![0]).toBe('south');
    expect(retrieved(state, 'POPULARITY', { now: NOON })[0]![0]).toBe('south');
  });

  it('listens less to a region that has seen little', () => {
    const state = stateOf([...clicks('north', 2, { region: 'n' }), ...clicks('south', 200, { region: 's' })]);
    expect(retrieved(state, 'POPULARITY', { context: { region: 'n' }, now: NOON })[0]![0]).toBe('south');
  });

  it('follows a burst within minutes', () => {
    const state = stateOf([...clicks('steady', 60, {}, 0), ...clicks('burst', 40, {}, 60)]);
    expect(retrieved(state, 'POPULARITY', { now: NOON + 60 * MINUTE })[0]![0]).toBe('burst');
  });

  it('gives shares: all scores add up to one where every item is retrieved', () => {
    const state = stateOf([
      ...clicks('a', 5, { region: 'n' }),
      ...clicks('b', 3, {}),
      ...clicks('c', 1, { device: 'd' }),
    ]);
    const sum = retrieved(state, 'POPULARITY').reduce((total, [, score]) => total + score, 0);
    expect(sum).toBeCloseTo(1, 10);
  });

  it('counts a reload loop once', () => {
    const loop = Array.from({ length: 500 }, (_, at) => click('robot', 'spam', at / 60));
    const state = stateOf([...clicks('fair', 3, {}), ...loop]);
    expect(retrieved(state, 'POPULARITY', { now: NOON + 9 * MINUTE })[0]![0]).toBe('fair');
  });
});

describe('newest', () => {
  it('lists the youngest available items first, by publication where it is known, never the future', () => {
    const item = (itemId: string, publishedAt: number, rest: object = {}) =>
      ({ kind: 'item', itemId, publishedAt, at: NOON, ...rest }) as const;
    const state = stateOf([
      item('old', NOON - 9 * MINUTE),
      click('u', 'seen', -5),
      item('gone', NOON, { available: false }),
      item('new', NOON),
      item('embargoed', NOON + 90 * MINUTE),
    ]);
    const found = retrieved(state, 'NEWEST');
    expect(found.map(([id]) => id)).toEqual(['new', 'seen', 'old']);
    expect(found.reduce((total, [, score]) => total + score, 0)).toBeCloseTo(1, 12);
  });

  it('takes the lowest indexes of items that are as young, also where the quota cuts them off', () => {
    const state = stateOf(['a', 'b', 'c'].map((itemId) => ({ kind: 'item', itemId, at: NOON }) as const));
    const scenario = { ...BUILT_IN_SCENARIOS[0]!, quotas: { ...BUILT_IN_SCENARIOS[0]!.quotas, NEWEST: 2 } };
    expect(retrieved(state, 'NEWEST', { scenario }).map(([id]) => id)).toEqual(['a', 'b']);
  });
});

describe('item-neighbours', () => {
  it('puts what is clicked right after the last item before what is read around it', () => {
    const state = stateOf(
      ['p', 'q', 'r', 's'].flatMap((user) => [click(user, 'a', 0), click(user, 'b', 1), click(user, 'c', 2)]),
    );
    state.apply(click('u', 'a', 3), state.position + 1);
    const found = retrieved(state, 'ITEM_NEIGHBOURS', { userId: 'u', now: NOON + 4 * MINUTE });
    expect(found.map(([id]) => id)).toEqual(['b', 'c']);
    expect(found[0]![1]).toBeLessThan(1);
  });

  it('keeps thin evidence small', () => {
    const thin = stateOf([click('p', 'a', 0), click('p', 'b', 1), click('u', 'a', 2)]);
    const thick = stateOf([
      ...Array.from({ length: 50 }, (_, at) => [click(`p${at}`, 'a', 0), click(`p${at}`, 'b', 1)]).flat(),
      click('u', 'a', 2),
    ]);
    const scoreOf = (state: LiveState): number =>
      retrieved(state, 'ITEM_NEIGHBOURS', { userId: 'u', now: NOON + 2 * MINUTE })[0]![1];
    expect(scoreOf(thin)).toBeLessThan(0.5);
    expect(scoreOf(thick)).toBeGreaterThan(0.8);
  });
});

describe('user-neighbours', () => {
  it('brings what people alike read, not what the others did', () => {
    const state = stateOf([
      ...['p', 'q'].flatMap((user) => [click(user, 'shared', 0), click(user, 'theirs', 300)]),
      click('r', 'other', 1),
      click('u', 'shared', 301),
    ]);
    const found = retrieved(state, 'USER_NEIGHBOURS', { userId: 'u', now: NOON + 302 * MINUTE });
    expect(found).toEqual([['theirs', 1]]);
  });

  it('never takes the reader for its own neighbour', () => {
    const state = stateOf([click('u', 'a', 0), click('u', 'b', 1)]);
    expect(retrieved(state, 'USER_NEIGHBOURS', { userId: 'u' })).toEqual([]);
  });

  it('passes over an index that belongs to somebody else by now', () => {
    const state = stateOf([click('p', 'a', 0), click('p', 'b', 1), click('u', 'a', 2)]);
    state.apply({ kind: 'forget', userId: 'p', at: NOON }, state.position + 1);
    state.apply(click('stranger', 'c', 3), state.position + 1);
    const query = queryOf({ userId: 'u' });
    expect(resolveQueries([query], state, null)[0]!.seeds).toHaveLength(1);
    expect(retrieved(state, 'USER_NEIGHBOURS', { userId: 'u' })).toEqual([]);
  });
});

it('every source stops within its quota', () => {
  const events = Array.from({ length: 60 }, (_, at) => click(`p${at % 7}`, `i${at % 20}`, at));
  const state = stateOf([...events, click('u', 'i0', 60), click('u', 'i5', 61)]);
  const quotas = { POPULARITY: 3, NEWEST: 3, ITEM_NEIGHBOURS: 3, USER_NEIGHBOURS: 3, ALS: 3 };
  const scenario = { ...BUILT_IN_SCENARIOS[0]!, quotas };
  const { retrieved: within } = createEngine({ clock: () => 0 }).inspect(
    queryOf({ userId: 'u', scenario }),
    state,
    null,
  );
  expect(within.map((source) => source?.items.length)).toEqual([3, 3, 3, 3, undefined]);
});
