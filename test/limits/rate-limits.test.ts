import { buildGraphQLSchema } from '../../resolvers/index.js';
import {
  DEFAULT_KEY_RATE_LIMITS,
  DEFAULT_RATE_LIMITS,
  parseRateLimits,
  pointsOf,
  userOf,
} from '../../src/limits/rate-limits.js';
import { withRateLimits } from '../../src/limits/rate-limited-schema.js';

it('changes the limits that the text names', () => {
  expect(parseRateLimits('Query.user=5/10s, User.history=7/1s')).toEqual({
    ...DEFAULT_RATE_LIMITS,
    'Query.user': { limit: 5, duration: 10 },
    'User.history': { limit: 7, duration: 1 },
  });
});

it('changes limits of a whole key alike', () => {
  expect(parseRateLimits('Query.user=5/10s', DEFAULT_KEY_RATE_LIMITS)).toEqual({
    ...DEFAULT_KEY_RATE_LIMITS,
    'Query.user': { limit: 5, duration: 10 },
  });
});

it.each(['', 'Query.user', 'Query.user=5', 'Query.user=0/10s', 'Query.user=5/0s', 'user=5/10s', 'Query.user=5/10s,'])(
  'can’t read %j',
  (text) => {
    expect(parseRateLimits(text)).toBeUndefined();
  },
);

it('refuses a limit on a field that there is not', () => {
  const limits = { 'Query.nothing': { limit: 1, duration: 1 } };
  expect(() => withRateLimits(buildGraphQLSchema(), limits)).toThrow(
    'RATE_LIMITS names fields that there are not: Query.nothing',
  );
});

it('counts a point, or one for each id and entry', () => {
  expect(pointsOf({})).toBe(1);
  expect(pointsOf({ ids: ['a', 'b', 'c'] })).toBe(3);
  expect(pointsOf({ ids: [] })).toBe(1);
  expect(pointsOf({ input: { interactions: [{}, {}] } })).toBe(2);
  expect(pointsOf({ input: { userId: 'u' } })).toBe(1);
});

it('knows the user that a field is about', () => {
  expect([userOf({ userId: 'u' }), userOf({ id: 'i' }), userOf({ ids: ['a'] }), userOf({})]).toEqual([
    'u',
    'i',
    '',
    '',
  ]);
});
