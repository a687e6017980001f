import { evaluateSplit } from '../../../src/evaluation/fixed-split/evaluate-split.js';
import { type Split } from '../../../src/evaluation/fixed-split/read-split.js';

const split: Split = {
  userIds: ['a', 'b', 'c'],
  itemIds: ['p', 'q', 'r', 's', 't'],
  train: { users: Int32Array.of(0, 1, 2), items: Int32Array.of(0, 1, 2) },
  // a: q and r, c: p; b has no test item
  test: { users: Int32Array.of(0, 2, 0), items: Int32Array.of(1, 0, 2) },
};

it('averages over the users with a test item, and counts the items shown at least once', async () => {
  const lists = Int32Array.of(3, 1, /* second user */ 0, -1);
  const asked: unknown[] = [];
  const metrics = await evaluateSplit(split, 2, async (users, k) => {
    asked.push([...users], k);
    return lists;
  });
  expect(asked).toEqual([[0, 2], 2]);
  const ndcg = 1 / Math.log2(3) / (1 + 1 / Math.log2(3));
  expect(metrics.recall).toBeCloseTo((1 / 2 + 1) / 2, 12);
  expect(metrics.ndcg).toBeCloseTo((ndcg + 1) / 2, 12);
  expect(metrics).toMatchObject({ users: 2, coverage: 3 / 5 });
});
