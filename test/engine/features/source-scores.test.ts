import { featuresFor } from '../../support/features.js';
import { recommendOne } from '../../support/query.js';
import { click, MINUTE, NOON, stateOf } from '../../support/state.js';

it('says what each source gave, and the rank where it retrieved the item itself', () => {
  const state = stateOf([click('p', 'read', 0), click('p', 'next', 1), click('q', 'other', 1), click('u', 'read', 2)]);
  const read = featuresFor(state, { userId: 'u', now: NOON + 3 * MINUTE });
  expect(read('next', 'score_item_neighbours')).toBeGreaterThan(0);
  expect(read('next', 'rank_item_neighbours')).toBe(1);
  expect(read('other', 'score_item_neighbours')).toBe(0);
  expect(read('other', 'rank_item_neighbours')).toBeNaN();
  expect(read('other', 'score_popularity')).toBeGreaterThan(0);
  // The item read is the most popular one, and no candidate.
  expect([read('other', 'rank_popularity'), read('next', 'rank_popularity')].sort()).toEqual([2, 3]);
});

it('says what the blend makes of them', () => {
  const state = stateOf([click('p', 'read', 0), click('p', 'next', 1), click('q', 'other', 1), click('u', 'read', 2)]);
  const query = { userId: 'u', now: NOON + 3 * MINUTE };
  const read = featuresFor(state, query);
  const slate = recommendOne(state, query);
  [...slate.items].forEach((item, index) => {
    expect(read(state.items.id(item), 'score_blend')).toBeCloseTo(slate.blend[index]!, 6);
  });
});
