import { ApiError, publicError } from '../../resolvers/errors.js';
import { StreamLife } from '../../src/subscriptions/stream-life.js';

it('keeps one error a code and each user once, and masks every error', () => {
  const life = new StreamLife(publicError);
  const told = [new ApiError('BAD_ID', 'one'), new ApiError('BAD_ID', 'two'), new Error('the disk')].map(life.told);
  expect(told.map(({ message }) => message)).toEqual(['one', 'two', 'something went wrong on our side']);
  life.touch(['a', 'b']);
  life.touch(['b']);
  expect(life.errors).toEqual([told[1], told[2]]);
  expect([...life.users]).toEqual(['a', 'b']);
});
