import { createHmac } from 'node:crypto';
import { pseudonymsUnder } from '../../src/audit/pseudonyms.js';

it('is the first 128 bits of HMAC-SHA-256 under the key', () => {
  const expected = createHmac('sha256', 'key').update('reader').digest('hex').slice(0, 32);
  const pseudonymOf = pseudonymsUnder('key');
  expect([pseudonymOf('reader'), pseudonymOf('reader')]).toEqual([expected, expected]);
});

it('differs by user and by key, however many users it has seen', () => {
  const pseudonymOf = pseudonymsUnder('key');
  const first = pseudonymOf('u0');
  const all = new Set(Array.from({ length: 10_001 }, (_, at) => pseudonymOf(`u${at}`)));
  expect(all.size).toBe(10_001);
  expect(pseudonymOf('u0')).toBe(first);
  expect(pseudonymsUnder('other')('u0')).not.toBe(first);
});
