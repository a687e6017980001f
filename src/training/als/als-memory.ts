/**
 * Everything that a fit shares between threads, in one buffer: the matrix by users and by items, both sides' factors, the
 * Gram matrix with its partial sums, the lists of a ranking, and the control words.
 */
import { type SparseMatrix } from '../../math/sparse-matrix.js';

/** Parts of the Gram sum. Their number is fixed, so that the result doesn't depend on the number of workers. */
export const GRAM_PARTS = 16;
/** Control words: the next chunk of the work queue, and whether to stop. */
export const NEXT_CHUNK = 0;
export const STOP = 1;

export interface AlsShape {
  readonly users: number;
  readonly items: number;
  readonly pairs: number;
  readonly factors: number;
  /** Places of ranked lists, users x k at most. */
  readonly ranked: number;
  /** Users that can be ranked at once. */
  readonly queries: number;
}

/** One side of the matrix: its rows over the other side's, and its factors (rows x factors). */
export interface SideMemory extends SparseMatrix {
  readonly factors: Float32Array;
}

export interface AlsMemory {
  readonly shape: AlsShape;
  readonly buffer: SharedArrayBuffer;
  readonly control: Int32Array;
  readonly user: SideMemory;
  readonly item: SideMemory;
  /** factors x factors. */
  readonly gram: Float32Array;
  /** GRAM_PARTS x factors x factors. */
  readonly gramParts: Float32Array;
  readonly queries: Int32Array;
  readonly ranked: Int32Array;
}

export function allocateAlsMemory(shape: AlsShape): AlsMemory {
  return viewAlsMemory(shape, new SharedArrayBuffer(viewAlsMemory(shape, null).bytes));
}

/** The same places over a buffer, in any thread; without one only the number of bytes counts. */
export function viewAlsMemory(shape: AlsShape, buffer: SharedArrayBuffer): AlsMemory;
export function viewAlsMemory(shape: AlsShape, buffer: null): { readonly bytes: number };
export function viewAlsMemory(shape: AlsShape, buffer: SharedArrayBuffer | null): AlsMemory | { bytes: number } {
  const { users, items, pairs, factors, queries, ranked } = shape;
  const storage = buffer ?? new SharedArrayBuffer(0);
  let bytes = 0;
  const place = (count: number): [number, number] => {
    const at = bytes;
    bytes += Math.ceil((count * 4) / 64) * 64; // whole cache lines
    return buffer === null ? [0, 0] : [at, count];
  };
  const ints = (count: number): Int32Array => new Int32Array(storage, ...place(count));
  const floats = (count: number): Float32Array => new Float32Array(storage, ...place(count));
  const side = (rows: number, columns: number): SideMemory => ({
    rows,
    columns,
    starts: ints(rows + 1),
    indexes: ints(pairs),
    weights: floats(pairs),
    factors: floats(rows * factors),
  });
  const memory = {
    shape,
    buffer: storage,
    control: ints(2),
    user: side(users, items),
    item: side(items, users),
    gram: floats(factors * factors),
    gramParts: floats(GRAM_PARTS * factors * factors),
    queries: ints(queries),
    ranked: ints(ranked),
  };
  return buffer === null ? { bytes } : memory;
}
