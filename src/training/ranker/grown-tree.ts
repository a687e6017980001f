/** A tree as it grows, over bins. Numbered as in `TreeEnsemble`: a child >= 0 is a split, a child < 0 the leaf ~child. */
import { type FeatureBins } from './feature-bins.js';

/** Sums over rows. */
export interface RowSums {
  readonly gradients: number;
  readonly hessians: number;
  readonly rows: number;
}

export interface GrownSplit extends RowSums {
  /** Index among the features in use. */
  readonly feature: number;
  /** Bins up to this one go left, bin 0 by `missingLeft` where it holds missing values. */
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly gain: number;
  left: number;
  right: number;
}

export interface GrownLeaf extends RowSums {
  readonly value: number;
}

export interface GrownTree {
  readonly splits: readonly GrownSplit[];
  readonly leaves: readonly GrownLeaf[];
}

/** A row goes left where (bin - shift) modulo 256 <= last: so bin 0 can go right of the bins that follow it. */
export interface BinTest {
  readonly shift: number;
  readonly last: number;
}

export function binTest(
  { bin, missingLeft }: Pick<GrownSplit, 'bin' | 'missingLeft'>,
  { hasMissing }: FeatureBins,
): BinTest {
  return hasMissing && !missingLeft ? { shift: 1, last: bin - 1 } : { shift: 0, last: bin };
}
