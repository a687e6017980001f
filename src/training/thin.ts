/** Fewer of many, chosen by a seeded hash of their keys, in their order. */
import { hashString } from '../math/hash-string.js';

const HASHES = 2 ** 52;

/** About `most` of the elements: each stays with the same probability, whatever the others are. */
export function thin<T>(all: readonly T[], most: number, keyOf: (one: T) => string): readonly T[] {
  if (all.length <= most) return all;
  return all.filter((one) => hashString(keyOf(one)) / HASHES < most / all.length);
}
