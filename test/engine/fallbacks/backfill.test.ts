import { backfill } from '../../../src/engine/fallbacks/backfill.js';
import { type ItemPredicate } from '../../../src/engine/item-filter.js';
import { type LiveState } from '../../../src/state/live-state.js';
import { click, MINUTE, NOON, stateOf } from '../../support/state.js';

const item = (itemId: string, minutes: number) => ({ kind: 'item', itemId, at: NOON + minutes * MINUTE }) as const;
const filled = (state: LiveState, count: number, keeps: ItemPredicate = () => true): string[] =>
  [...backfill(state, count, keeps)].map((index) => state.items.id(index));

describe('backfill', () => {
  const state = stateOf([
    item('old', 0),
    item('young', 2),
    item('middle', 1),
    click('u', 'clicked', 0),
    ...['u', 'v'].map((userId) => click(userId, 'popular', 0)),
  ]);

  it('takes what was clicked most, then the youngest', () => {
    expect(filled(state, 10)).toEqual(['popular', 'clicked', 'young', 'middle', 'old']);
  });

  it('takes the lowest index of items that are as young', () => {
    const together = ['a', 'b', 'c'].map((itemId) => item(itemId, 1));
    expect(filled(stateOf([item('z', 0), ...together, item('y', 2)]), 4)).toEqual(['y', 'a', 'b', 'c']);
    expect(filled(stateOf(together), 2)).toEqual(['a', 'b']);
  });

  it('brings as many as are asked for, and none where none are', () => {
    expect([-1, 0, 1, 3].map((count) => filled(state, count))).toEqual([
      [],
      [],
      ['popular'],
      ['popular', 'clicked', 'young'],
    ]);
  });

  it('brings only what the predicate keeps', () => {
    const popular = state.items.find('popular');
    expect(filled(state, 2, (index) => index !== popular)).toEqual(['clicked', 'young']);
    expect(filled(state, 2, () => false)).toEqual([]);
  });

  it('needs no click, and no item', () => {
    expect(filled(stateOf([item('a', 0), item('b', 1)]), 5)).toEqual(['b', 'a']);
    expect(filled(stateOf([]), 5)).toEqual([]);
  });
});
