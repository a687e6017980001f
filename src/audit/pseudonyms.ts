/**
 * Pseudonyms of users: HMAC-SHA-256 of the id under the key, its first 128 bits in hex. Equal ids have equal pseudonyms under one
 * key; without the key nobody can try ids out.
 */
import { createHmac } from 'node:crypto';

/** Pseudonyms remembered, for readers come in bursts. */
const REMEMBERED = 10_000;

export function pseudonymsUnder(key: string): (userId: string) => string {
  let known = new Map<string, string>();
  return (userId) => {
    let pseudonym = known.get(userId);
    if (pseudonym === undefined) {
      if (known.size >= REMEMBERED) known = new Map();
      pseudonym = createHmac('sha256', key).update(userId).digest('hex').slice(0, 32);
      known.set(userId, pseudonym);
    }
    return pseudonym;
  };
}
