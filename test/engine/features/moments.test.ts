import { featuresFor } from '../../support/features.js';
import { click, MINUTE, NOON, stateOf } from '../../support/state.js';

const HOUR = 60;

describe('moment', () => {
  const events = [
    click('u', 'a', 0, { sessionId: 's' }),
    click('u', 'b', 5, { sessionId: 's' }),
    ...['p', 'q'].map((user) => click(user, 'c', 5)),
  ];
  const state = stateOf(events);

  it('knows the place in the session, and between its clicks not how long the reader waits', () => {
    const read = featuresFor(state, { userId: 'u', sessionId: 's', now: NOON + 6 * MINUTE });
    expect(read('c', 'session_position')).toBe(2);
    expect(read('c', 'since_session')).toBeNaN();
    expect(read('c', 'history_length')).toBe(2);
  });

  it('knows at the start of a session how long the reader was away', () => {
    const read = featuresFor(state, { userId: 'u', sessionId: 't', now: NOON + (5 + 3 * HOUR) * MINUTE });
    expect(read('c', 'session_position')).toBe(0);
    expect(read('c', 'since_session')).toBeCloseTo(Math.log1p(3 * HOUR), 5);
  });

  it('knows hour and weekday in UTC', () => {
    const read = featuresFor(state, { now: NOON + 8 * HOUR * MINUTE });
    expect([read('c', 'hour'), read('c', 'weekday')]).toEqual([20, 1]);
    expect(featuresFor(state, { now: NOON + 13 * HOUR * MINUTE })('c', 'weekday')).toBe(2);
    expect(read('c', 'since_session')).toBeNaN();
  });
});

describe('times of items', () => {
  const state = stateOf([
    { kind: 'item', itemId: 'announced', publishedAt: NOON - 2 * HOUR * MINUTE, at: NOON } as const,
    click('p', 'seen', 0),
    click('p', 'announced', 10),
    click('q', 'seen', 20, { type: 'IMPRESSION' }),
    click('r', 'seen', 20, { type: 'IMPRESSION' }),
  ]);
  const read = featuresFor(state, { now: NOON + 30 * MINUTE });

  it('age counts from publication or, where nobody said, from when it was first seen', () => {
    expect(read('announced', 'age')).toBeCloseTo(Math.log1p(150), 5);
    expect(read('seen', 'age')).toBeCloseTo(Math.log1p(30), 5);
  });

  it('since_click counts from the last click, impressions are none', () => {
    expect(read('announced', 'since_click')).toBeCloseTo(Math.log1p(20), 5);
    expect(read('seen', 'since_click')).toBeCloseTo(Math.log1p(30), 5);
  });

  it('click_rate is clicks by impression, unknown without any', () => {
    expect(read('seen', 'click_rate')).toBe(0.5);
    expect(read('announced', 'click_rate')).toBeNaN();
  });
});

describe('the item read last', () => {
  const state = stateOf([
    click('p', 'old', -9 * HOUR),
    click('p', 'fresh', -HOUR),
    click('q', 'read', -3 * HOUR),
    click('u', 'read', 0),
  ]);
  const read = featuresFor(state, { userId: 'u', now: NOON });

  it('has an age, against which the candidates’ is set', () => {
    expect(read('old', 'last_age')).toBeCloseTo(Math.log1p(3 * HOUR), 5);
    expect(read('old', 'age_over_last')).toBeCloseTo(Math.log1p(9 * HOUR) - Math.log1p(3 * HOUR), 5);
    expect(read('fresh', 'age_over_last')).toBeLessThan(0);
  });

  it('has a share among all clicks', () => {
    expect(read('old', 'last_share')).toBeGreaterThan(Math.log(0.5));
    expect(featuresFor(state, { now: NOON })('old', 'last_share')).toBeNaN();
  });
});
