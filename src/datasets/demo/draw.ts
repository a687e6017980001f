/** Draws from the distributions that the demo world is made of. */
import { type Random } from '../../math/random.js';

/** One of the list, all equally likely. */
export function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.below(list.length)]!;
}

/** An index, drawn in proportion to its weight. Weights are at least 0 and not all 0; `total` is their sum, if known. */
export function weightedIndex(random: Random, weights: ArrayLike<number>, total = sum(weights)): number {
  let left = random.next() * total;
  let lastPossible = 0;
  for (let index = 0; index < weights.length; index += 1) {
    const weight = weights[index]!;
    if (weight === 0) continue;
    if (left < weight) return index;
    left -= weight;
    lastPossible = index;
  }
  // Rounding can leave a crumb after the last weight.
  return lastPossible;
}

/** Log-normal with median 1; `sigma` is the standard deviation of its logarithm. */
export function logNormal(random: Random, sigma: number): number {
  return Math.exp(sigma * random.normal());
}

/** Exponential with this mean. */
export function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random.next());
}

/** Poisson (Knuth's product of uniforms; fit for means up to some hundreds). */
export function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > limit; product *= random.next()) count += 1;
  return count;
}

/** The weights divided by their sum. */
export function normalised(weights: ArrayLike<number>): Float64Array {
  const total = sum(weights);
  return Float64Array.from(weights, (weight) => weight / total);
}

function sum(weights: ArrayLike<number>): number {
  let total = 0;
  for (let index = 0; index < weights.length; index += 1) total += weights[index]!;
  return total;
}
