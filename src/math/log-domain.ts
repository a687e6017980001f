/**
 * Decayed sums in the log domain. A sum S(t) = Σ weight · 2^-((t - at) / halfLife) is held as ln S(t) + t · ln 2 / halfLife,
 * which does not change while nothing is added: the order of two sums never depends on when one looks, reading changes
 * nothing, late additions commute, and nothing overflows. An empty sum is -Infinity.
 */

/** Below this gap the smaller of two summands is under the last bit of a double. */
const NEGLIGIBLE = -37;
/** Stamps are near 1e7 for a half-life of minutes, so what is left of a difference is known to about nine digits. */
const NOISE = 1e-7;

/** What one addition of `weight` at time `at` is worth: the value to give to `logAdd`. */
export function logStamp(weight: number, at: number, halfLifeMs: number): number {
  return Math.log(weight) + (at / halfLifeMs) * Math.LN2;
}

/** ln(e^a + e^b). */
export function logAdd(a: number, b: number): number {
  const high = a > b ? a : b;
  const gap = a > b ? b - a : a - b;
  // Also holds where one of them, or both, are -Infinity: the gap is then -Infinity or NaN.
  return gap > NEGLIGIBLE ? high + Math.log1p(Math.exp(gap)) : high;
}

/** ln(e^a - e^b); -Infinity where nothing, or only the rounding error of taking back the sole addition, is left. */
export function logSubtract(a: number, b: number): number {
  const rest = 1 - Math.exp(b - a);
  return rest > NOISE ? a + Math.log(rest) : -Infinity;
}

/** The decayed sum itself, as it stands at `now`; 0 for an empty one, and for one that decayed below the smallest double. */
export function logValue(stored: number, now: number, halfLifeMs: number): number {
  return Math.exp(stored - (now / halfLifeMs) * Math.LN2);
}
