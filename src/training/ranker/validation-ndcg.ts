/** NDCG@10 of queries by their rows' scores, gains 2^label - 1; equal scores keep the order of rows, which is a shuffled one. */
import { discountOf, gainOf } from './discounted-gain.js';
import { type RankerMemory } from './ranker-memory.js';
import { type RankerThread } from './ranker-thread.js';

export const VALIDATION_K = 10;
/** Queries that a thread takes at once. */
const QUERY_CHUNK = 64;

/** All threads together: `memory.ndcg` of each query. */
export function judgeValidation({ memory, team, laps }: RankerThread): void {
  const { starts, scores, labels, inverseIdeal } = memory.validation;
  const best = new Int32Array(VALIDATION_K);
  for (const { from, to } of team.chunks(inverseIdeal.length, QUERY_CHUNK))
    for (let query = from; query < to; query++) {
      let found = 0;
      for (let row = starts[query]!; row < starts[query + 1]!; row++) {
        const score = scores[row]!;
        if (found === VALIDATION_K && !(score > scores[best[found - 1]!]!)) continue;
        let at = found < VALIDATION_K ? found++ : found - 1;
        for (; at > 0 && score > scores[best[at - 1]!]!; at--) best[at] = best[at - 1]!;
        best[at] = row;
      }
      let sum = 0;
      for (let rank = 0; rank < found; rank++) sum += gainOf(labels[best[rank]!]!) * discountOf(rank);
      memory.ndcg[query] = sum * inverseIdeal[query]!;
    }
  laps.lap('scores');
}

/** Mean over all queries, added up in their order; null where there are none. */
export function meanNdcg({ ndcg }: RankerMemory): number | null {
  return ndcg.length === 0 ? null : ndcg.reduce((sum, value) => sum + value, 0) / ndcg.length;
}
