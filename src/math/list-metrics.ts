/**
 * Metrics of one list with one clicked item, by its rank (from 1; 0: not among the first k). With a single relevant item
 * the ideal DCG is 1, so NDCG is the discount of its rank (Järvelin and Kekäläinen 2002).
 */
export const METRICS = {
  /** Hit rate. */
  hr: (rank: number) => (rank > 0 ? 1 : 0),
  ndcg: (rank: number) => (rank > 0 ? 1 / Math.log2(rank + 1) : 0),
  /** Reciprocal rank. */
  mrr: (rank: number) => (rank > 0 ? 1 / rank : 0),
} as const;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

/** Rank of the item in the list, from 1; 0 where it is not there. */
export function rankIn(list: ArrayLike<number>, item: number): number {
  for (let at = 0; at < list.length; at++) if (list[at] === item) return at + 1;
  return 0;
}
