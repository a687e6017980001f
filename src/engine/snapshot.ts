/** A consistent set of fitted models, immutable, swapped whole: one request sees exactly one, or none before the first training. */
import { type AlsModel } from './als/als-model.js';
import { type FittedWeights } from './blend-weights.js';
import { type RankerModel } from './ranker-model.js';

/** What answers say of a snapshot. */
export interface SnapshotLabel {
  readonly id: string;
  /** Times in ms. */
  readonly createdAt: number;
  /** The models know nothing of this time or later. */
  readonly dataUntil: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface Snapshot extends SnapshotLabel {
  /** Null where none were fitted. */
  readonly weights: FittedWeights | null;
  readonly als: AlsModel | null;
  readonly ranker: RankerModel | null;
}
