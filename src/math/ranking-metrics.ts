/**
 * Metrics of one ranked list against the set of items that were withheld: binary gain, ranks counted from 1.
 * Recall = hits / withheld items. NDCG = sum over hits of 1 / log2(rank + 1), over the same sum for an ideal list, which
 * has min(k, withheld) hits on top (Jarvelin and Kekalainen 2002).
 */
export interface RankingMetrics {
  readonly recall: number;
  readonly ndcg: number;
}

/** `ranked[from..from + k)` is the list, best first; a negative entry is no item. `withheld` is not empty. */
export function rankingMetrics(
  ranked: Int32Array,
  withheld: ReadonlySet<number>,
  { from, k }: { readonly from: number; readonly k: number },
): RankingMetrics {
  let hits = 0;
  let gain = 0;
  let ideal = 0;
  for (let at = 0; at < k; at++) {
    const discount = 1 / Math.log2(at + 2);
    if (at < withheld.size) ideal += discount;
    if (!withheld.has(ranked[from + at]!)) continue;
    hits++;
    gain += discount;
  }
  return { recall: hits / withheld.size, ndcg: gain / ideal };
}
