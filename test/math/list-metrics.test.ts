import { METRICS, rankIn } from '../../src/math/list-metrics.js';

describe('metrics', () => {
  it.each([
    [1, { hr: 1, ndcg: 1, mrr: 1 }],
    [2, { hr: 1, ndcg: 0.63093, mrr: 0.5 }],
    [3, { hr: 1, ndcg: 0.5, mrr: 0.33333 }],
    [10, { hr: 1, ndcg: 0.28906, mrr: 0.1 }],
    [0, { hr: 0, ndcg: 0, mrr: 0 }],
  ] as const)('of rank %i are what they are by hand', (rank, expected) => {
    expect(METRICS.hr(rank)).toBe(expected.hr);
    expect(METRICS.ndcg(rank)).toBeCloseTo(expected.ndcg, 5);
    expect(METRICS.mrr(rank)).toBeCloseTo(expected.mrr, 5);
  });

  it('counts ranks from 1, and gives 0 to what is not on the list', () => {
    const list = Int32Array.of(7, 4, 9);
    expect([7, 4, 9, 5, -1].map((item) => rankIn(list, item))).toEqual([1, 2, 3, 0, 0]);
    expect(rankIn([], 7)).toBe(0);
  });
});
