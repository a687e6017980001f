import { type FittedWeights } from './blend-weights.js';

/** A consistent set of fitted models, immutable, swapped whole: one request sees exactly one, or none before the first training. */
export interface Snapshot {
  readonly id: string;
  /** Times in ms. */
  readonly createdAt: number;
  readonly dataUntil: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Null where none were fitted. */
  readonly weights: FittedWeights | null;
}
