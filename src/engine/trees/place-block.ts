/** A block of trees in the memory of the kernel of `kernels/trees.ts`, in words of 32 bits and leaves in float64. */
import { type KernelMemory } from './kernel-memory.js';
import { type BlockColumn, type TreeBlock } from './scorer-layout.js';

const WORD = 4;

/** Where its records are, from and to; and the bytes of bits of a row. */
export interface PlacedBlock {
  readonly columns: number;
  readonly columnsEnd: number;
  readonly trees: number;
  readonly treesEnd: number;
  readonly bytes: number;
}

/** @param rankStride bytes from one column's ranks to the next one's */
export function placeBlock(
  { columns, trees, bytes }: TreeBlock,
  memory: KernelMemory,
  rankStride: number,
): PlacedBlock {
  // A column: where its ranks are, its runs from and to, its masks.
  const columnsAt = memory.place(
    Uint32Array.from(columns.flatMap((column) => [column.column * rankStride, ...placeRuns(column, memory)])),
  );
  // A tree: bytes of its bits, its leaves.
  const treesAt = memory.place(Uint32Array.from(trees.flatMap((tree) => [tree.bytes, memory.place(tree.leafValues)])));
  return {
    columns: columnsAt,
    columnsEnd: columnsAt + columns.length * 4 * WORD,
    trees: treesAt,
    treesEnd: treesAt + trees.length * 2 * WORD,
    bytes,
  };
}

// A run: the place of a threshold in the lowest byte, above it the number of its masks. A mask: bits to clear, above them the byte.
function placeRuns({ runs }: BlockColumn, memory: KernelMemory): [from: number, to: number, masks: number] {
  const from = memory.place(Uint32Array.from(runs, ([place, masks]) => place | (masks.length << 8)));
  const masks = runs.flatMap(([, each]) => each.map(({ byte, clear }) => clear | (byte << 8)));
  return [from, from + runs.length * WORD, memory.place(Uint32Array.from(masks))];
}
