/**
 * XE-NDCG: cross entropy of the softmax of a query's scores with 2^label - u, u drawn anew for each row and tree, a bound
 * of NDCG (Bruch, "An alternative cross entropy loss for learning-to-rank", WWW 2021); derivatives with the third-order
 * correction that LightGBM's rank_xendcg has.
 */
import { seededRandom } from '../../math/random.js';
import { type ScoredQuery } from './log-loss.js';

const LEAST = 1e-15;

/** Derivatives by each score into `out`: gradient and hessian of each row. */
export function crossEntropyNdcg({ scores, labels, weight }: ScoredQuery, seeds: number[], out: Float32Array): void {
  const random = seededRandom(...seeds);
  const count = scores.length;
  let top = -Infinity;
  for (const score of scores) top = Math.max(top, score);
  const rho = scores.map((score) => Math.exp(score - top));
  const total = rho.reduce((sum, value) => sum + value, 0);
  const terms = new Float64Array(count);
  let relevance = 0;
  for (let row = 0; row < count; row++) {
    rho[row]! /= total;
    terms[row] = 2 ** labels[row]! - random.next();
    relevance += terms[row]!;
  }
  const gradients = new Float64Array(count);
  let sum = 0;
  const addTerm = (row: number, term: number): number => {
    gradients[row]! += term;
    return term / Math.max(LEAST, 1 - rho[row]!);
  };
  for (let row = 0; row < count; row++) {
    terms[row] = addTerm(row, rho[row]! - terms[row]! / Math.max(LEAST, relevance));
    sum += terms[row]!;
  }
  let next = 0;
  for (let row = 0; row < count; row++) {
    terms[row] = addTerm(row, rho[row]! * (sum - terms[row]!));
    next += terms[row]!;
  }
  for (let row = 0; row < count; row++) {
    gradients[row]! += rho[row]! * (next - terms[row]!);
    out[2 * row] = weight * gradients[row]!;
    out[2 * row + 1] = weight * rho[row]! * (1 - rho[row]!);
  }
}
