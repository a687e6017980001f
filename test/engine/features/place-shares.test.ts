import { featuresFor } from '../../support/features.js';
import { click, NOON, stateOf } from '../../support/state.js';

it('tells what draws readers in from what they go on to, whichever place is asked for', () => {
  const events = Array.from({ length: 10 }, (_, at) => [
    click(`u${at}`, 'front', 0, { sessionId: `s${at}` }),
    click(`u${at}`, 'inner', 1, { sessionId: `s${at}` }),
  ]).flat();
  const state = stateOf(events);
  const values = [featuresFor(state, { now: NOON }), featuresFor(state, { userId: 'x', sessionId: 'new', now: NOON })];
  for (const read of values) {
    expect(read('front', 'first_1d')).toBeCloseTo(Math.log(10 / 12), 2);
    expect(read('front', 'later_1d')).toBe(-15);
    expect(read('inner', 'later_1d')).toBeCloseTo(Math.log(10 / 12), 2);
    expect(read('inner', 'first_over_later_1d')).toBeLessThan(-10);
  }
});
