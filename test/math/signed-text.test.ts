import { signed, signedRange } from '../../src/math/signed-text.js';

it('differences have signs, and a minus that is one', () => {
  expect([0.01234, -0.5, 0].map(signed)).toEqual(['+0.0123', '−0.5000', '+0.0000']);
  expect(signedRange({ low: -0.002, high: 0.003 })).toBe('−0.0020 to +0.0030');
});
