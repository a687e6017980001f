import { featuresFor } from '../../support/features.js';
import { click, MINUTE, NOON, stateOf } from '../../support/state.js';

it('is the cosine of the readers of both items', () => {
  const events = [
    ...['p', 'q', 'r', 'u'].map((user) => click(user, 'read', 0)),
    ...['p', 'q'].map((user) => click(user, 'alike', 1)),
    ...['x', 'y'].map((user) => click(user, 'apart', 1)),
  ];
  const read = featuresFor(stateOf(events), { userId: 'u', now: NOON + 2 * MINUTE });
  expect(read('alike', 'reader_overlap')).toBeCloseTo(2 / Math.sqrt(4 * 2), 6);
  expect(read('apart', 'reader_overlap')).toBe(0);
  expect(featuresFor(stateOf(events), { now: NOON })('alike', 'reader_overlap')).toBeNaN();
});
