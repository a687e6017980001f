import { resolveQueries, type ResolvedQuery } from '../../src/engine/query.js';
import { type LiveState } from '../../src/state/live-state.js';
import { FIRST_CLICK, LATER_CLICK } from '../../src/state/scope.js';
import { queryOf } from '../support/query.js';
import { click, MINUTE, NOON, stateOf } from '../support/state.js';

function resolve(state: LiveState, rest: Parameters<typeof queryOf>[0]): ResolvedQuery {
  return resolveQueries([queryOf(rest)], state, null)[0]!;
}

function seedIds(state: LiveState, { seeds }: ResolvedQuery): string[] {
  return seeds.map(({ item }) => state.items.id(item));
}

describe('resolveQueries', () => {
  it('overrides the profile’s context by the request’s, dimension by dimension', () => {
    const context = { device: 'phone', region: 'north' };
    const state = stateOf([{ kind: 'profile', userId: 'u', context, at: NOON }]);
    expect(resolve(state, { userId: 'u', context: { region: 'south' } }).context).toEqual({
      device: 'phone',
      region: 'south',
    });
    expect(resolve(state, { userId: 'u' }).context).toEqual(context);
  });

  it('starts from the items read last, newest first, each once, disliked ones left out', () => {
    const state = stateOf([
      click('u', 'a', 0),
      click('u', 'b', 1),
      click('u', 'a', 2),
      click('u', 'c', 3, { type: 'DISLIKE' }),
      click('u', 'd', 4, { type: 'PURCHASE' }),
    ]);
    const resolved = resolve(state, { userId: 'u' });
    expect(seedIds(state, resolved)).toEqual(['d', 'a', 'b']);
    expect(resolved.seeds.map(({ weight }) => weight)).toEqual([1, 1 / 2, 1 / 3]);
  });

  it('takes the clicks recorded under a session where only that is given', () => {
    const state = stateOf([
      click('u', 'before', 0, { sessionId: 's0' }),
      click('u', 'a', 1, { sessionId: 's1' }),
      click('v', 'b', 2, { sessionId: 's1' }),
    ]);
    const resolved = resolve(state, { sessionId: 's1', now: NOON + 3 * MINUTE });
    expect(seedIds(state, resolved)).toEqual(['b', 'a']);
    expect(resolved).toMatchObject({ segment: 'WARM', place: LATER_CLICK });
    expect(resolve(state, { sessionId: 'unknown' })).toMatchObject({ segment: 'COLD', place: FIRST_CLICK });
  });

  it('asks for the first click of a session after a gap, and for a later one within it', () => {
    const state = stateOf([click('u', 'a', 0)]);
    expect(resolve(state, { userId: 'u', now: NOON + 30 * MINUTE }).place).toBe(LATER_CLICK);
    expect(resolve(state, { userId: 'u', now: NOON + 31 * MINUTE }).place).toBe(FIRST_CLICK);
    expect(resolve(state, { userId: 'u', sessionId: 'new', now: NOON + MINUTE }).place).toBe(FIRST_CLICK);
  });

  it('lets decay stand still at the end of the log', () => {
    const state = stateOf([click('u', 'a', 5)]);
    expect(resolve(state, { now: NOON + 1e9 }).asOf).toBe(NOON + 5 * MINUTE);
    expect(resolve(state, { now: NOON }).asOf).toBe(NOON);
  });
});
