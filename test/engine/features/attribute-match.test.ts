import { featuresFor } from '../../support/features.js';
import { click, MINUTE, NOON, stateOf } from '../../support/state.js';

const item = (itemId: string, attributes: object) => ({ kind: 'item', itemId, attributes, at: NOON }) as never;

describe('match of attributes', () => {
  const state = stateOf([
    item('read', { section: 'local', tags: ['sea', 'wind'] }),
    item('same', { section: 'local', tags: ['sea', 'sun'] }),
    item('other', { section: 'world', tags: ['sun'] }),
    item('bare', {}),
    click('u', 'read', 0),
  ]);
  const read = featuresFor(state, { userId: 'u', now: NOON + MINUTE });

  it('is the part of what was read with the same value, an element of a list each for itself', () => {
    expect(read('same', 'match_mean')).toBeCloseTo((1 + 0.5) / 2, 6);
    expect(read('same', 'match_best')).toBe(1);
    expect(read('same', 'match_last')).toBeCloseTo(0.75, 6);
    expect(read('other', 'match_mean')).toBe(0);
  });

  it('is unknown for an item without attributes, without a history and without a catalogue', () => {
    expect(read('bare', 'match_mean')).toBeNaN();
    expect(featuresFor(state, { now: NOON + MINUTE })('same', 'match_mean')).toBeNaN();
    const clicks = stateOf([click('u', 'a', 0), click('p', 'b', 0)]);
    expect(featuresFor(clicks, { userId: 'u', now: NOON })('b', 'match_mean')).toBeNaN();
  });
});
