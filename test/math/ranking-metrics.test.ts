import { rankingMetrics } from '../../src/math/ranking-metrics.js';

const list = Int32Array.of(9, 9, 5, 1, 7, -1); // two places of another list, then 5, 1, 7 and none

describe('rankingMetrics', () => {
  it('counts hits over all withheld items, and discounts them by rank against the ideal list', () => {
    const { recall, ndcg } = rankingMetrics(list, new Set([1, 7, 8]), { from: 2, k: 4 });
    expect(recall).toBeCloseTo(2 / 3, 12);
    const gain = 1 / Math.log2(3) + 1 / Math.log2(4);
    const ideal = 1 + 1 / Math.log2(3) + 1 / Math.log2(4);
    expect(ndcg).toBeCloseTo(gain / ideal, 12);
  });

  it('lets the ideal list have no more than k hits', () => {
    const metrics = rankingMetrics(list, new Set([5, 1, 20, 21]), { from: 2, k: 2 });
    expect(metrics).toEqual({ recall: 0.5, ndcg: 1 });
  });

  it('is zero without a hit', () => {
    expect(rankingMetrics(list, new Set([3]), { from: 2, k: 4 })).toEqual({ recall: 0, ndcg: 0 });
  });
});
