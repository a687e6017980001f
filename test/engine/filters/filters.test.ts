import { type Filter } from '../../../src/engine/filter.js';
import { alreadySeen } from '../../../src/engine/filters/already-seen.js';
import { requested } from '../../../src/engine/filters/requested.js';
import { seedItems } from '../../../src/engine/filters/seed-items.js';
import { unavailable } from '../../../src/engine/filters/unavailable.js';
import { unpublished } from '../../../src/engine/filters/unpublished.js';
import { resolveQueries } from '../../../src/engine/query.js';
import { type World } from '../../../src/engine/source.js';
import { type LiveState } from '../../../src/state/live-state.js';
import { queryOf } from '../../support/query.js';
import { click, NOON, stateOf } from '../../support/state.js';

/** Ids of the items that the filter keeps for the query; null where it has nothing to say. */
function kept(filter: Filter, state: LiveState, rest: Parameters<typeof queryOf>[0] = {}): string[] | null {
  const world = { state, snapshot: null } as World;
  const keeps = filter.prepare(resolveQueries([queryOf(rest)], state, null)[0]!, world);
  return (
    keeps &&
    Array.from({ length: state.items.count }, (_, item) => item)
      .filter(keeps)
      .map((item) => state.items.id(item))
  );
}
const state = stateOf([
  { kind: 'item', itemId: 'gone', available: false, at: NOON - 1 },
  click('v', 'a', 0),
  click('u', 'b', 1),
  click('u', 'c', 2, { type: 'DISLIKE' }),
  click('u', 'd', 3),
  click('u', 'd', 4, { type: 'UNDO' }),
  click('u', 'e', 5, { type: 'IMPRESSION' }),
]);

it('unavailable removes what can not be had, for everybody', () => {
  expect(kept(unavailable, state)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('unpublished removes what is announced for later, until its time has come', () => {
  const announced = (itemId: string, publishedAt: number) => ({ kind: 'item', itemId, publishedAt, at: NOON }) as const;
  const world = stateOf([click('v', 'a', 0), announced('now', NOON + 5), announced('later', NOON + 6)]);
  expect(kept(unpublished, world, { now: NOON + 5 })).toEqual(['a', 'now']);
  expect(kept(unpublished, world, { now: NOON + 6 })).toEqual(['a', 'now', 'later']);
});

describe('already-seen', () => {
  it('removes what the user has read or disliked, not what was undone or only shown', () => {
    expect(kept(alreadySeen, state, { userId: 'u' })).toEqual(['gone', 'a', 'd', 'e']);
  });

  it('has nothing to say of strangers, nor where what was seen is asked for', () => {
    expect(kept(alreadySeen, state)).toBeNull();
    expect(kept(alreadySeen, state, { userId: 'stranger' })).toBeNull();
    expect(kept(alreadySeen, state, { userId: 'u', filter: { includeSeen: true } })).toBeNull();
  });
});

it('seed-items removes the items that similar ones are asked for, and only then', () => {
  expect(kept(seedItems, state, { seedItems: ['a', 'e'] })).toEqual(['gone', 'b', 'c', 'd']);
  expect(kept(seedItems, state, { userId: 'u' })).toBeNull();
});

it('requested removes what the client excludes, and nothing where it asks for nothing', () => {
  expect(kept(requested, state, { filter: { excludeItems: ['a', 'b'] } })).toEqual(['gone', 'c', 'd', 'e']);
  expect(kept(requested, state)).toBeNull();
});
