/** What the trainer of ranking trees tells its threads, and what they answer. */
import { type FeatureBins } from './feature-bins.js';
import { type GrownTree } from './grown-tree.js';
import { type RankerShape } from './ranker-memory.js';
import { type RankerSettings } from './ranker-settings.js';

export type RankerTask =
  /** Finds the bins of the columns of a set over shared memory, every `workers`-th from `worker` on. */
  | ({ readonly kind: 'find-bins'; readonly most: number } & Columns & Share)
  | ({ readonly kind: 'open'; readonly settings: RankerSettings; readonly features: readonly FeatureBins[] } & Opening)
  /** Sorts the values of a set into bins, in the order of `places`. */
  | ({ readonly kind: 'bin'; readonly set: 'train' | 'validation'; readonly places: Int32Array } & Columns)
  | ({ readonly kind: 'grow' } & Draw);

interface Columns {
  readonly values: Float32Array;
  readonly rows: number;
}

interface Share {
  readonly worker: number;
  readonly workers: number;
}

interface Opening {
  readonly shape: RankerShape;
  readonly storage: WebAssembly.Memory;
  readonly worker: number;
}

/** What a tree is grown on: the first so many of the memory's `drawn` queries and `rows`, and these features in use. */
export interface Draw {
  readonly tree: number;
  readonly queries: number;
  readonly rows: number;
  readonly features: Int32Array;
}

/** Milliseconds of a thread's work. */
export interface Phases {
  /** Lambdas or other derivatives. */
  gradients: number;
  histograms: number;
  /** Search for splits. */
  search: number;
  partition: number;
  /** Scores of training and validation rows by the new tree, and validation NDCG. */
  scores: number;
  /** For other threads. */
  waiting: number;
}

export type Phase = keyof Phases;

/** Of 'find-bins' the bins found, null for columns that never vary; of 'grow' the tree, the same from all threads. */
export interface RankerTaskDone {
  readonly bins: readonly (FeatureBins | null)[];
  readonly tree: GrownTree | null;
  readonly phases: Phases;
}
