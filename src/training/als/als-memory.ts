/**
 * Everything that a fit shares between threads, in one piece of memory: the matrix by users and by items, both sides'
 * factors, the Gram matrix with its partial sums, the lists of a ranking, room for each worker, and the control words.
 */
import { type SparseMatrix } from '../../math/sparse-matrix.js';
import { kernelMemory, Places } from '../workers/places.js';
import { CONTROL_WORDS } from '../workers/team.js';

/** Parts of the Gram sum. Their number is fixed, so that the result doesn't depend on the number of workers. */
export const GRAM_PARTS = 16;

export interface AlsShape {
  readonly users: number;
  readonly items: number;
  readonly pairs: number;
  readonly factors: number;
  /** Users that can be ranked at once, and places of all their lists. */
  readonly queries: number;
  readonly ranked: number;
  readonly workers: number;
}

/** One side of the matrix: its rows over the other side's, and its factors (rows x factors). */
export interface SideMemory extends SparseMatrix {
  readonly factors: Float32Array;
}

/** What the arrays lie in: memory that the kernels reach, or, beyond the 4 GB that they can, a plain buffer. */
export type AlsStorage = WebAssembly.Memory | SharedArrayBuffer;

export interface AlsMemory {
  readonly shape: AlsShape;
  readonly storage: AlsStorage;
  readonly control: Int32Array;
  readonly user: SideMemory;
  readonly item: SideMemory;
  /** factors x factors. */
  readonly gram: Float32Array;
  /** GRAM_PARTS x factors x factors. */
  readonly gramParts: Float32Array;
  readonly queries: Int32Array;
  readonly ranked: Int32Array;
  /** Of each worker: four scores for every item, and three vectors. */
  readonly scores: readonly Float32Array[];
  readonly vectors: readonly Float32Array[];
}

export function allocateAlsMemory(shape: AlsShape): AlsMemory {
  const places = new Places(null);
  layOut(shape, places);
  return viewAlsMemory(shape, kernelMemory(places.bytes) ?? new SharedArrayBuffer(places.bytes));
}

/** The same arrays, in any thread. */
export function viewAlsMemory(shape: AlsShape, storage: AlsStorage): AlsMemory {
  const buffer = 'buffer' in storage ? storage.buffer : storage;
  return { shape, storage, ...layOut(shape, new Places(buffer)) };
}

function layOut(shape: AlsShape, places: Places): Omit<AlsMemory, 'shape' | 'storage'> {
  const { users, items, pairs, factors, queries, ranked, workers } = shape;
  const side = (rows: number, columns: number): SideMemory => ({
    rows,
    columns,
    starts: places.ints(rows + 1),
    indexes: places.ints(pairs),
    weights: places.floats(pairs),
    factors: places.floats(rows * factors),
  });
  return {
    control: places.ints(CONTROL_WORDS),
    user: side(users, items),
    item: side(items, users),
    gram: places.floats(factors * factors),
    gramParts: places.floats(GRAM_PARTS * factors * factors),
    queries: places.ints(queries),
    ranked: places.ints(ranked),
    scores: Array.from({ length: workers }, () => places.floats(4 * items)),
    vectors: Array.from({ length: workers }, () => places.floats(3 * factors)),
  };
}
