/** The contract of a ranker: one score a candidate, same length and order; it drops nothing. */
import { type Candidates } from './candidate.js';
import { type ResolvedQuery } from './query.js';
import { type World } from './source.js';

export interface Ranker {
  readonly name: string;
  score(query: ResolvedQuery, candidates: Candidates, world: World): Float64Array;
}

/** The ranker's scores. @throws where their number is not that of the candidates: a broken contract. */
export function rank(ranker: Ranker, query: ResolvedQuery, candidates: Candidates, world: World): Float64Array {
  const scores = ranker.score(query, candidates, world);
  if (scores.length !== candidates.count) {
    throw new Error(`ranker "${ranker.name}" returned ${scores.length} scores for ${candidates.count} candidates`);
  }
  return scores;
}
