import { featuresFor } from '../../support/features.js';
import { click, MINUTE, NOON, stateOf } from '../../support/state.js';

const HALF_LIFE = 30;

describe('shares by scope', () => {
  // Ten clicks at noon: of 6 in the north 5 are on a, of 4 in the south none.
  const state = stateOf(
    [...'aaaaab']
      .map((item, at) => click(`n${at}`, item, 0, { context: { region: 'north' } }))
      .concat([...'bbbb'].map((item, at) => click(`s${at}`, item, 0, { context: { region: 'south' } }))),
  );
  const north = featuresFor(state, { context: { region: 'north' }, now: NOON });

  it('are logs of the decayed share, two clicks that nobody made in every total', () => {
    expect(north('a', 'share_region_30m')).toBeCloseTo(Math.log(5 / 8), 5);
    expect(north('a', 'share_all_30m')).toBeCloseTo(Math.log(5 / 12), 5);
    expect(north('b', 'share_region_3m')).toBeCloseTo(Math.log(1 / 8), 5);
  });

  it('fall as the clicks of a scope grow old, for the two that nobody made do not', () => {
    // Decay stands still at the last event.
    state.apply(click('late', 'c', HALF_LIFE), state.position + 1);
    const later = featuresFor(state, { context: { region: 'north' }, now: NOON + HALF_LIFE * MINUTE });
    expect(later('a', 'share_region_30m')).toBeCloseTo(Math.log(2.5 / (3 + 2)), 5);
  });

  it('are as low as they get for an item that a scope has not seen', () => {
    const south = featuresFor(state, { context: { region: 'south' }, now: NOON });
    expect(south('a', 'share_region_30m')).toBe(-15);
  });

  it('are unknown within a scope that the context does not name, or that has seen nothing', () => {
    expect(featuresFor(state, { now: NOON })('a', 'share_region_30m')).toBeNaN();
    expect(north('a', 'share_device_30m')).toBeNaN();
    expect(featuresFor(state, { context: { region: 'west' }, now: NOON })('a', 'share_region_30m')).toBeNaN();
  });

  it('lift is the share of the scope over the share of all', () => {
    expect(north('a', 'lift_region')).toBeCloseTo(Math.log(5 / 8) - Math.log(5 / 12), 5);
  });

  it('evidence is how much a scope has seen', () => {
    expect(north('a', 'evidence_region')).toBeCloseTo(Math.log1p(6), 5);
  });
});

it('rise compares the shortest half-life with the middle one', () => {
  const clicks = (item: string, count: number, minutes: number): ReturnType<typeof click>[] =>
    Array.from({ length: count }, (_, at) => click(`${item}${at}`, item, minutes));
  const read = featuresFor(stateOf([...clicks('old', 50, 0), ...clicks('new', 50, 60)]), { now: NOON + 60 * MINUTE });
  expect(read('new', 'rise_all')).toBeGreaterThan(0.1);
  expect(read('old', 'rise_all')).toBeLessThan(-1);
});
