import { forEachWeight, type WeightRule } from '../../../src/engine/als/history-weights.js';
import { type Event } from '../../../src/events/event.js';
import { DEFAULT_STATE_SETTINGS } from '../../../src/state/state-settings.js';
import { click, MINUTE, NOON, stateOf } from '../../support/state.js';

const RULE: WeightRule = { types: DEFAULT_STATE_SETTINGS.weights, halfLifeMs: 60 * MINUTE, asOf: NOON + 120 * MINUTE };

/** Ids and weights of the history of `u` after these events. */
function weightsOf(events: readonly Event[], rule = RULE): [string, number][] {
  const state = stateOf(events);
  const [user] = state.users.read(['u'], state.position);
  const found: [string, number][] = [];
  forEachWeight(user!.history, rule, (item, weight) => found.push([state.items.id(item), weight]));
  return found;
}

describe('forEachWeight', () => {
  it('halves the weight with every half-life of age', () => {
    const events = [click('u', 'a', 0), click('u', 'b', 60), click('u', 'c', 120)];
    expect(weightsOf(events)).toEqual([
      ['a', 0.25],
      ['b', 0.5],
      ['c', 1],
    ]);
  });

  it('gives full weight to what came after the moment that ages are counted from', () => {
    expect(weightsOf([click('u', 'a', 121), click('u', 'b', 10_000)])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
  });

  it('weighs by type, several interactions on one item one by one, and leaves out what weighs nothing', () => {
    const at = 120;
    const events = [
      click('u', 'a', at),
      click('u', 'a', at, { type: 'LIKE' }),
      click('u', 'b', at, { type: 'VIEW' }),
      click('u', 'c', at, { type: 'DISLIKE' }),
    ];
    expect(weightsOf(events)).toEqual([
      ['a', 1],
      ['a', 2],
      ['b', 0.5],
    ]);
    expect(weightsOf(events, { ...RULE, types: { ...RULE.types, LIKE: 0 } })).toEqual([
      ['a', 1],
      ['b', 0.5],
    ]);
  });
});
