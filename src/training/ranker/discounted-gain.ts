/** Gain of a label and discount of a rank (Burges 2010), and what the best order of a query reaches. */

/** 1 / DCG@k of the best order of these labels; 0 where none is relevant. */
export function inverseIdealDcg(labels: Uint8Array, k: number): number {
  const best = labels.slice().sort().reverse();
  let ideal = 0;
  for (let rank = 0; rank < Math.min(k, best.length); rank++) ideal += gainOf(best[rank]!) * discountOf(rank);
  return ideal === 0 ? 0 : 1 / ideal;
}

export function gainOf(label: number): number {
  return 2 ** label - 1;
}

/** @param rank from 0 */
export function discountOf(rank: number): number {
  return 1 / Math.log2(rank + 2);
}
