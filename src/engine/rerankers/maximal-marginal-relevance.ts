/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): takes one item after the other, each time the one with the most
 * lambda · relevance - (1 - lambda) · similarity to the nearest item above it. Relevance is the score as a part of
 * the best one's. Items are similar by equal values of the scenario's attributes or, without any, by being read together.
 */
import { type Candidates } from '../candidate.js';
import { type ResolvedQuery } from '../query.js';
import { type World } from '../source.js';

/** How much further than the slate it looks for items that differ. */
const REACH = 1.5;

/** What the ranker left: `order` holds places in the candidates, best first by `scores`. */
export interface Ranked {
  readonly candidates: Candidates;
  readonly order: Int32Array;
  readonly scores: Float64Array;
}

export interface Reranked {
  /** Places in the candidates, in the new order. */
  readonly order: readonly number[];
  /** Marginal relevance with which each candidate was taken, by its place; null where that was not asked. */
  readonly scores: ReadonlyMap<number, number> | null;
}

/** Keeps as many candidates as the slate holds. */
export function maximalMarginalRelevance(
  { query }: ResolvedQuery,
  world: World,
  { candidates, order, scores }: Ranked,
): Reranked {
  const { lambda, attributes } = query.scenario.diversity;
  const pool = Array.from(order.subarray(0, Math.ceil(query.size * REACH)));
  const best = scores[pool[0]!] || 1;
  const nearest = new Float64Array(candidates.count);
  const taken: number[] = [];
  const takenScores = new Map<number, number>();
  while (taken.length < query.size && pool.length > 0) {
    let chosen = 0;
    let chosenScore = -Infinity;
    for (let at = 0; at < pool.length; at++) {
      const place = pool[at]!;
      // Similarity only lowers, and the pool is sorted by relevance: nothing further down can do better.
      const relevance = (lambda * scores[place]!) / best;
      if (relevance <= chosenScore) break;
      const score = relevance - (1 - lambda) * nearest[place]!;
      if (score > chosenScore) [chosen, chosenScore] = [at, score];
    }
    const [place] = pool.splice(chosen, 1);
    taken.push(place!);
    takenScores.set(place!, chosenScore);
    const similarity = similarityTo(candidates.items[place!]!, attributes, world);
    for (const other of pool) nearest[other] = Math.max(nearest[other]!, similarity(candidates.items[other]!));
  }
  return { order: taken, scores: takenScores };
}

/** Similarity of any item to this one, 0 to 1. */
function similarityTo(
  item: number,
  attributes: readonly string[],
  { state, workspace }: World,
): (other: number) => number {
  if (attributes.length > 0) {
    const own = state.items.attributesOf(item);
    return (other) => {
      const others = state.items.attributesOf(other);
      const equal = attributes.filter((name) => own[name] !== undefined && own[name] === others[name]);
      return equal.length / attributes.length;
    };
  }
  // Cosine of co-click counts at the longest half-life: the time cancels out.
  const { coClicks } = state;
  const half = coClicks.halfLivesMs.length - 1;
  const { start, length } = coClicks.row(item);
  const { partners } = coClicks;
  const sums = coClicks.coSums(half);
  const total = coClicks.coTotal(item, half);
  const marks = workspace.similarity;
  marks.reset(state.items.count);
  for (let at = start; at < start + length; at++) marks.set(partners[at]!, sums[at]!);
  return (other) => {
    const together = marks.get(other, -Infinity);
    if (together === -Infinity) return 0;
    return Math.min(1, Math.exp(together - (total + coClicks.coTotal(other, half)) / 2));
  };
}
