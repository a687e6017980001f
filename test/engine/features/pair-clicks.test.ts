import { featuresFor } from '../../support/features.js';
import { click, MINUTE, NOON, stateOf } from '../../support/state.js';

/** `count` readers click the items one after the other at `minutes`. */
const visits = (name: string, items: string, count: number, minutes = 0): ReturnType<typeof click>[] =>
  Array.from({ length: count }, (_, at) => [...items].map((item) => click(`${name}${at}`, item, minutes))).flat();
const NOW = { userId: 'u', now: NOON + MINUTE };

describe('next clicks and co-clicks', () => {
  const state = stateOf([
    ...visits('p', 'ab', 6),
    ...visits('q', 'ac', 2),
    ...visits('r', 'da', 4),
    click('u', 'a', 0),
  ]);
  const read = featuresFor(state, NOW);

  it('next is what followed the last item at once, as a log of its part, two pseudo-clicks in the total', () => {
    expect(read('b', 'next_last_ever')).toBeCloseTo(Math.log(6 / (8 + 2)), 5);
    expect(read('c', 'next_last_ever')).toBeCloseTo(Math.log(2 / (8 + 2)), 5);
    expect(read('d', 'next_last_ever')).toBe(-15);
  });

  it('co counts both directions, backwards for less', () => {
    // 6 and 2 forwards, 4 backwards at 0.3 each.
    expect(read('d', 'co_last_ever')).toBeCloseTo(Math.log((4 * 0.3) / (8 + 4 * 0.3 + 2)), 5);
    expect(read('b', 'co_last_ever')).toBeCloseTo(Math.log(6 / (8 + 4 * 0.3 + 2)), 5);
  });

  it('lifts are against the share of the item among all clicks', () => {
    const share = 6 / 25; // b has 6 of the 25 clicks, all at one moment
    expect(read('b', 'next_lift')).toBeCloseTo(read('b', 'next_last_4h') - Math.log(share), 4);
    expect(read('b', 'co_lift')).toBeCloseTo(read('b', 'co_last_4h') - Math.log(share), 4);
  });

  it('says how much is known at the last item', () => {
    expect(read('b', 'next_evidence')).toBeCloseTo(Math.log1p(8), 4);
    expect(read('b', 'partners')).toBe(3);
  });

  it('forgets by its half-lives', () => {
    const old = stateOf([...visits('p', 'ab', 6), ...visits('q', 'ac', 6, 30), click('u', 'a', 31)]);
    const later = featuresFor(old, { userId: 'u', now: NOON + 31 * MINUTE });
    expect(later('c', 'next_last_30m') - later('b', 'next_last_30m')).toBeCloseTo(Math.LN2, 5);
  });
});

it('earlier items speak by their weight, the last one has no part in it', () => {
  const state = stateOf([
    ...visits('p', 'ab', 5),
    ...visits('q', 'cd', 5),
    click('u', 'a', 1, { sessionId: 's' }),
    click('u', 'c', 2, { sessionId: 's' }),
  ]);
  const read = featuresFor(state, { userId: 'u', sessionId: 's', now: NOON + 3 * MINUTE });
  // Five readers and this one went on from a.
  expect(read('b', 'co_earlier_ever')).toBeCloseTo(5 / (6 + 2), 5);
  expect(read('d', 'co_earlier_ever')).toBe(0);
});

it('are unknown without a history; earlier ones with a single item', () => {
  const state = stateOf([...visits('p', 'ab', 2), click('u', 'a', 0)]);
  expect(featuresFor(state, { now: NOON })('b', 'next_last_30m')).toBeNaN();
  expect(featuresFor(state, NOW)('b', 'co_earlier_30m')).toBeNaN();
});
