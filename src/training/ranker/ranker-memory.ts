/**
 * Everything that a fit of ranking trees shares between threads, in one piece of memory that the kernels reach: about 40
 * bytes a row and one a row and feature, and a leaf's histograms of 16 bytes a bin.
 */
import { TrainingError } from '../training-error.js';
import { kernelMemory, Places } from '../workers/places.js';
import { CONTROL_WORDS } from '../workers/team.js';

export interface SetShape {
  readonly rows: number;
  readonly queries: number;
}

export interface RankerShape {
  readonly train: SetShape;
  /** No rows without a validation set. */
  readonly validation: SetShape;
  /** Number of bins of each feature in use. */
  readonly bins: readonly number[];
  /** Rows of the longest training query. */
  readonly longest: number;
  readonly leaves: number;
  readonly workers: number;
}

/** Rows of a set in their arranged order, with their scores by the trees so far. */
export interface SetMemory {
  /** Bin of each row, a column for each feature: feature f of row r at f * rows + r. */
  readonly bins: Uint8Array;
  readonly labels: Uint8Array;
  readonly starts: Int32Array;
  readonly scores: Float64Array;
  /** 1 / ideal DCG of each query. */
  readonly inverseIdeal: Float64Array;
}

export interface RankerMemory {
  readonly shape: RankerShape;
  readonly storage: WebAssembly.Memory;
  readonly control: Int32Array;
  readonly train: SetMemory;
  readonly validation: SetMemory;
  readonly weights: Float32Array;
  /** Rows of each query by score, counted from its start. */
  readonly order: Int32Array;
  /** Gradient and hessian of each row: float32 at first, then whole numbers in the same place. */
  readonly derivatives: Float32Array;
  readonly pairs: Int32Array;
  /** Queries of the tree, and the rows of each leaf side by side; behind them the rows that the tree isn't grown on. */
  readonly drawn: Int32Array;
  readonly rows: Int32Array;
  /** What a chunk of a leaf's rows sends to either side, and how many left. */
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly chunkLeft: Int32Array;
  /** Pairs of the leaf whose histograms are built. */
  readonly leafPairs: Int32Array;
  /** leaves x bins of all features x 2 int64. */
  readonly histograms: Float64Array;
  /** Bin at which each feature begins within a leaf's histograms, and their number. */
  readonly binStarts: readonly number[];
  /** Best split of a pair of leaves by each feature: 2 x features x SPLIT_WORDS. */
  readonly splits: Float64Array;
  /** Largest gradient and hessian that each worker has seen, and room for one's sums. */
  readonly largest: readonly Float32Array[];
  readonly sums: readonly Float64Array[];
  /** 2^label - 1 of each label and 1 / log2(rank + 2) of each rank from 0. */
  readonly gains: Float32Array;
  readonly discounts: Float32Array;
  /** Of each worker: room for its query's lambdas, and pointers of four columns and four histograms. */
  readonly rooms: readonly Float32Array[];
  readonly pointers: readonly Int32Array[];
  /** NDCG of each validation query. */
  readonly ndcg: Float64Array;
}

/** Rows of a leaf that a worker splits at once. */
export const ROW_CHUNK = 4096;
/** gain, bin, missing left, gradients, hessians, rows of the left side. */
export const SPLIT_WORDS = 8;
const LABELS = 256;
const WORDS_OF_ROOM = 9;

/** @throws TrainingError TRAINING_SET_TOO_LARGE */
export function allocateRankerMemory(shape: RankerShape): RankerMemory {
  const places = new Places(null);
  layOut(shape, places);
  const storage = kernelMemory(places.bytes);
  if (storage !== null) return viewRankerMemory(shape, storage);
  const bytes = `${(places.bytes / 2 ** 30).toFixed(1)} GB`;
  throw new TrainingError(
    'TRAINING_SET_TOO_LARGE',
    `the ranker's training set takes ${bytes} of memory: at most 4 are`,
  );
}

/** The same arrays, in any thread. */
export function viewRankerMemory(shape: RankerShape, storage: WebAssembly.Memory): RankerMemory {
  return { shape, storage, ...layOut(shape, new Places(storage.buffer)) };
}

function layOut(shape: RankerShape, places: Places): Omit<RankerMemory, 'shape' | 'storage'> {
  const { train, validation, bins, leaves, workers } = shape;
  const each = <T>(make: () => T): T[] => Array.from({ length: workers }, make);
  const setOf = ({ rows, queries }: SetShape): SetMemory => ({
    bins: places.bytesOf(bins.length * rows),
    labels: places.bytesOf(rows),
    starts: places.ints(queries + 1),
    scores: places.doubles(rows),
    inverseIdeal: places.doubles(queries),
  });
  const binStarts = [0];
  for (const count of bins) binStarts.push(binStarts.at(-1)! + count);
  const longest = Math.ceil(shape.longest / 4) * 4;
  const pairs = places.ints(2 * train.rows);
  return {
    control: places.ints(CONTROL_WORDS),
    train: setOf(train),
    validation: setOf(validation),
    weights: places.floats(train.queries),
    order: places.ints(train.rows),
    pairs,
    derivatives: new Float32Array(pairs.buffer, pairs.byteOffset, pairs.length),
    drawn: places.ints(train.queries),
    rows: places.ints(train.rows),
    left: places.ints(train.rows),
    right: places.ints(train.rows),
    chunkLeft: places.ints(Math.ceil(train.rows / ROW_CHUNK)),
    leafPairs: places.ints(2 * train.rows),
    histograms: places.doubles(leaves * binStarts.at(-1)! * 2),
    binStarts,
    splits: places.doubles(2 * bins.length * SPLIT_WORDS),
    largest: each(() => places.floats(2)),
    sums: each(() => places.doubles(SPLIT_WORDS)),
    gains: places.floats(LABELS),
    discounts: places.floats(longest),
    rooms: each(() => places.floats(longest * WORDS_OF_ROOM)),
    pointers: each(() => places.ints(8)),
    ndcg: places.doubles(validation.queries),
  };
}
