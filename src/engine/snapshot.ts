/** A consistent set of fitted models, immutable, swapped whole: one request sees exactly one, or none before the first training. */
import { type AlsModel } from './als/als-model.js';
import { type FittedWeights } from './blend-weights.js';

export interface SnapshotSummary {
  readonly id: string;
  /** Times in ms. */
  readonly createdAt: number;
  /** The models know nothing of this time or later. */
  readonly dataUntil: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface Snapshot extends SnapshotSummary {
  /** Null where none were fitted. */
  readonly weights: FittedWeights | null;
  readonly als: AlsModel | null;
}
