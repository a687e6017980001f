/** 52-bit hash of a string (two rounds of 32-bit multiply-xor with different seeds); not for secrets. */
export function hashString(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
    high ^= high >>> 13;
  }
  low ^= low >>> 16;
  low = Math.imul(low, 0x7feb352d);
  low ^= low >>> 15;
  high = Math.imul(high ^ (high >>> 16), 0x846ca68b);
  high ^= high >>> 15;
  return (high >>> 12) * 2 ** 32 + (low >>> 0);
}
