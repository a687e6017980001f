/**
 * An ensemble of decision trees as flat arrays, numbered as in LightGBM's text format: a tree of n leaves has n - 1 splits in
 * order of creation; a child >= 0 is a split, a child < 0 the leaf ~child. A tree with one leaf has no split.
 * The raw score of a row is the sum of the leaves that it falls into.
 */

/** Bits of a decision type: a categorical split; where missing values go left; what counts as missing (two bits). */
export const CATEGORICAL = 1;
export const DEFAULT_LEFT = 2;
export const MISSING_SHIFT = 2;
export const MISSING_NONE = 0;
export const MISSING_ZERO = 1;
export const MISSING_NAN = 2;

export interface Tree {
  readonly leaves: number;
  /** By split. */
  readonly feature: Int32Array;
  /** value <= threshold goes left; of a categorical split the number of its set of categories. */
  readonly threshold: Float64Array;
  readonly decision: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly gain: Float64Array;
  /** What the split's rows would score if it were a leaf, their weight and their number. */
  readonly splitValue: Float64Array;
  readonly splitWeight: Float64Array;
  readonly splitCount: Float64Array;
  /** By leaf. */
  readonly leafValue: Float64Array;
  readonly leafWeight: Float64Array;
  readonly leafCount: Float64Array;
  /** Sets of categories as bits: set s is the words boundaries[s]..boundaries[s + 1]; both empty without categorical splits. */
  readonly categoryBoundaries: Int32Array;
  readonly categoryBits: Uint32Array;
  readonly shrinkage: number;
  /** Leaves that are linear in some features; null where all are constant. */
  readonly linear: LinearLeaves | null;
}

/** leaf = constant + sum of coefficient x feature; where one of these features is NaN, the leaf's constant value. */
export interface LinearLeaves {
  readonly constants: Float64Array;
  readonly features: readonly Int32Array[];
  readonly coefficients: readonly Float64Array[];
}

export interface TreeEnsemble {
  /** As LightGBM names it, with its parameters: "lambdarank", "binary sigmoid:1". */
  readonly objective: string;
  /** In the order of the columns that the trees were fitted to. */
  readonly featureNames: readonly string[];
  /** Range of each feature as LightGBM writes it, "[min:max]", or "none" for one that never varies. */
  readonly featureInfos: readonly string[];
  readonly trees: readonly Tree[];
}

/** Values of a batch of rows, column by column: feature f of row r is at f * rows + r. NaN is unknown. */
export interface FeatureMatrix {
  readonly rows: number;
  readonly width: number;
  readonly values: Float32Array;
}
