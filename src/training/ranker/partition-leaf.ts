/** Splits a leaf's rows in place: those that go left first, both sides in the order they had. */
import { type BinTest } from './grown-tree.js';
import { ROW_CHUNK } from './ranker-memory.js';
import { meet, type RankerThread } from './ranker-thread.js';

export interface LeafPartition extends BinTest {
  /** The leaf's range of `memory.rows`, and how many of it go left. */
  readonly from: number;
  readonly to: number;
  readonly left: number;
  /** Index among the features in use. */
  readonly feature: number;
  /** Side whose pairs are copied to `memory.leafPairs`; null: neither. */
  readonly copied: 'left' | 'right' | null;
}

/** All threads together. */
export function partitionLeaf(thread: RankerThread, leaf: LeafPartition): void {
  const { memory, kernel, team, laps } = thread;
  const { from, to, feature, shift, last } = leaf;
  const { rows, left, right, chunkLeft, train } = memory;
  const column = train.bins.byteOffset + feature * train.labels.length;
  const count = to - from;
  const isOneChunk = count <= ROW_CHUNK;
  for (const chunk of team.chunks(count, ROW_CHUNK)) {
    const at = 4 * (from + chunk.from);
    const sides = [left.byteOffset + at, right.byteOffset + at] as const;
    chunkLeft[chunk.chunk] = kernel.partition(
      rows.byteOffset + at,
      chunk.to - chunk.from,
      column,
      shift,
      last,
      ...sides,
    );
    if (isOneChunk) placeChunk(thread, leaf, { ...chunk, before: 0 });
  }
  laps.lap('partition');
  meet(thread);
  if (isOneChunk) return;
  let [before, next] = [0, 0];
  for (const chunk of team.chunks(count, ROW_CHUNK)) {
    for (; next < chunk.chunk; next++) before += chunkLeft[next]!;
    placeChunk(thread, leaf, { ...chunk, before });
  }
  laps.lap('partition');
  meet(thread);
}

interface SplitChunk {
  readonly chunk: number;
  readonly from: number;
  readonly to: number;
  /** Rows of earlier chunks that went left. */
  readonly before: number;
}

function placeChunk({ memory, kernel }: RankerThread, leaf: LeafPartition, chunk: SplitChunk): void {
  const { rows, left, right, chunkLeft, pairs, leafPairs } = memory;
  const wentLeft = chunkLeft[chunk.chunk]!;
  const wentRight = chunk.to - chunk.from - wentLeft;
  const source = leaf.from + chunk.from;
  const leftAt = leaf.from + chunk.before;
  const rightBefore = chunk.from - chunk.before;
  const rightAt = leaf.from + leaf.left + rightBefore;
  kernel.copyRows(left.byteOffset + 4 * source, wentLeft, rows.byteOffset + 4 * leftAt);
  kernel.copyRows(right.byteOffset + 4 * source, wentRight, rows.byteOffset + 4 * rightAt);
  if (leaf.copied === null) return;
  const [at, count, place] =
    leaf.copied === 'left' ? [leftAt, wentLeft, chunk.before] : [rightAt, wentRight, rightBefore];
  kernel.gatherPairs(rows.byteOffset + 4 * at, count, pairs.byteOffset, leafPairs.byteOffset + 8 * place);
}
