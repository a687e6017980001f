/** What the trainer tells its workers. Chunks of a task are handed out by a counter in the shared memory. */
import { type Precision, type RidgeSettings } from '../../math/als-row.js';
import { type AlsShape, type AlsStorage } from './als-memory.js';

export type Side = 'user' | 'item';

export type AlsTask =
  | { readonly kind: 'open'; readonly shape: AlsShape; readonly storage: AlsStorage; readonly worker: number }
  /** Adds up the parts of Y^T Y of a side. */
  | { readonly kind: 'gram'; readonly side: Side }
  /** Solves every row of a side against the other side's factors. */
  | ({ readonly kind: 'solve'; readonly side: Side; readonly precision: Precision } & RidgeSettings)
  /** The k best items of each query, a user index, without the items of its own row; -1 where there are fewer. */
  | { readonly kind: 'rank'; readonly queries: number; readonly k: number };

/** A worker's answer to each task. */
export interface AlsTaskDone {
  readonly busyMs: number;
}

/** Rows of a chunk. */
export const CHUNK = 64;
