import {
  allocateRankerMemory,
  type RankerShape,
  viewRankerMemory,
} from '../../../src/training/ranker/ranker-memory.js';

const shapeOf = (rows: number, features: number, leaves = 31): RankerShape => ({
  train: { rows, queries: rows / 100 },
  validation: { rows: rows / 10, queries: rows / 1000 },
  bins: Array<number>(features).fill(255),
  longest: 100,
  leaves,
  workers: 2,
});

describe('allocateRankerMemory', () => {
  it('takes less than 200 MB for a million rows of 80 features', () => {
    expect(allocateRankerMemory(shapeOf(1e6, 80)).storage.buffer.byteLength).toBeLessThan(200e6);
  });

  it('refuses what kernels cannot reach', () => {
    expect(() => allocateRankerMemory(shapeOf(1e6, 80, 20_000))).toThrow('takes 6.2 GB of memory: at most 4 are');
  });
});

it('viewRankerMemory sees the same numbers', () => {
  const memory = allocateRankerMemory(shapeOf(1_000, 3));
  memory.derivatives[5] = 2;
  memory.ndcg[0] = 0.5;
  const other = viewRankerMemory(memory.shape, memory.storage);
  expect([other.derivatives[5], other.ndcg[0], other.pairs[5]]).toEqual([2, 0.5, 0x40000000]);
});
