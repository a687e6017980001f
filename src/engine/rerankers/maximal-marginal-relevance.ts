/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): takes one item after the other, each time the one with the most
 * lambda · relevance - (1 - lambda) · similarity to the nearest item above it. Relevance counts as a part of the
 * best one's. Items are similar by equal values of the scenario's attributes or, without any, by being read together.
 */
import { type Candidates } from '../candidate.js';
import { type ResolvedQuery } from '../query.js';
import { type World } from '../source.js';

/** Ranks that are chosen this way, and how many of the best candidates they are chosen from; below them relevance rules. */
const DEPTH = 30;
const POOL = 60;

/** What the ranker left: `order` holds places in the candidates, best first; relevance is above 0, on a scale of ratios. */
export interface Ranked {
  readonly candidates: Candidates;
  readonly order: Int32Array;
  /** By place; of the candidates in `order`. */
  readonly relevance: Float64Array;
}

export interface Reranked {
  /** Places in the candidates, in the new order. */
  readonly order: readonly number[];
  /** Marginal relevance of each candidate that was chosen by it, by its place; null where that was not asked. */
  readonly scores: ReadonlyMap<number, number> | null;
}

/** Keeps every candidate, for the caps that come after it need those to take instead. */
export function maximalMarginalRelevance(
  { query }: ResolvedQuery,
  world: World,
  { candidates, order, relevance }: Ranked,
): Reranked {
  const { lambda, attributes } = query.scenario.diversity;
  const pool = Array.from(order.subarray(0, POOL));
  const best = relevance[pool[0]!] || 1;
  const nearest = new Float64Array(candidates.count);
  const markSimilar = similarityMarker(world, attributes, candidates, nearest);
  const taken: number[] = [];
  const takenScores = new Map<number, number>();
  while (taken.length < Math.min(DEPTH, query.size) && pool.length > 0) {
    let chosen = 0;
    let chosenScore = -Infinity;
    for (let at = 0; at < pool.length; at++) {
      const place = pool[at]!;
      // Similarity only lowers, and the pool is sorted by relevance: nothing further down can do better.
      const relevant = (lambda * relevance[place]!) / best;
      if (relevant <= chosenScore) break;
      const score = relevant - (1 - lambda) * nearest[place]!;
      if (score > chosenScore) [chosen, chosenScore] = [at, score];
    }
    const [place] = pool.splice(chosen, 1);
    taken.push(place!);
    takenScores.set(place!, chosenScore);
    markSimilar(place!, pool);
  }
  const rest = [...pool, ...order.subarray(POOL)];
  return { order: [...taken, ...rest], scores: takenScores };
}

/**
 * Raises `nearest` (similarity of each place to the nearest item taken, 0 to 1) by what one more taken item is similar to.
 */
type SimilarityMarker = (taken: number, pool: readonly number[]) => void;

function similarityMarker(
  { state, workspace }: World,
  attributes: readonly string[],
  { items }: Candidates,
  nearest: Float64Array,
): SimilarityMarker {
  if (attributes.length > 0) {
    return (taken, pool) => {
      const own = state.items.attributesOf(items[taken]!);
      for (const place of pool) {
        const others = state.items.attributesOf(items[place]!);
        const equal = attributes.filter((name) => own[name] !== undefined && own[name] === others[name]);
        nearest[place] = Math.max(nearest[place]!, equal.length / attributes.length);
      }
    };
  }
  // Cosine of co-click counts at the longest half-life: the time cancels out. Only partners of the taken item can be near.
  const { coClicks } = state;
  const half = coClicks.halfLivesMs.length - 1;
  const { partners } = coClicks;
  const sums = coClicks.coSums(half);
  const places = workspace.candidates;
  places.reset(state.items.count);
  items.forEach((item, place) => places.set(item, place));
  return (taken) => {
    const { start, length } = coClicks.row(items[taken]!);
    const total = coClicks.coTotal(items[taken]!, half);
    for (let at = start; at < start + length; at++) {
      const partner = partners[at]!;
      if (!places.has(partner)) continue;
      const place = places.get(partner, 0);
      const similarity = Math.exp(sums[at]! - (total + coClicks.coTotal(partner, half)) / 2);
      nearest[place] = Math.max(nearest[place]!, Math.min(1, similarity));
    }
  };
}
