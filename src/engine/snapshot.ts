/** A consistent set of fitted models, immutable, swapped whole: one request sees exactly one, or none before the first training. */
export interface Snapshot {
  readonly id: string;
  /** Times in ms. */
  readonly createdAt: number;
  readonly dataUntil: number;
  readonly metrics: Readonly<Record<string, number>>;
}
