import { requestIdOf } from '../../src/http/request-id.js';

const idFor = (given: unknown): string => requestIdOf({ headers: { 'x-request-id': given } });
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

it.each(['a', 'Root=1-67891233-abcdef012345678912345678', 'x'.repeat(128)])('takes %s over', (given) => {
  expect(idFor(given)).toBe(given);
});

it.each([undefined, '', 'two words', 'line\nbreak', '<b>', 'é', 'x'.repeat(129), ['a', 'b']])(
  'makes an id of its own in place of %j',
  (given) => expect(idFor(given)).toMatch(UUID),
);
