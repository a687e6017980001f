/**
 * Exact tree-path-dependent SHAP values (Lundberg et al. 2020, Algorithm 2: LightGBM's `pred_contrib`): the Shapley values of
 * the game whose value for a set of features is the tree's expectation when only these are known, by the counts of its rows.
 *
 * A leaf of value v whose path meets d features, feature j letting the share z_j of rows through and this row (o_j = 1) or not
 * (o_j = 0), adds to feature i: v (o_i - z_i) sum over sets S of the others |S|! (d - 1 - |S|)! / d! prod_S o_j prod_not_S z_j.
 * As k! (d - 1 - k)! / d! is the integral of t^k (1 - t)^(d - 1 - k) over 0..1, this sum is the integral of the product of the
 * others' z_j (1 - t) + o_j t: a polynomial, which ceil(d / 2) Gauss-Legendre points integrate exactly. Its terms are positive and
 * no path is unwound, whose subtractions lose digits in deep trees; and a tree costs leaves x depth, not leaves x depth^2, for
 * products are shared downwards and sums upwards (as in Linear TreeSHAP, Yu et al. 2022).
 */
import { checkEnsemble } from './check-ensemble.js';
import { CompiledShap } from './compiled-shap.js';
import { RankerError } from './ranker-error.js';
import { type FeatureMatrix, type Tree, type TreeEnsemble } from './tree-ensemble.js';
import { checkMatrix } from './tree-scorer.js';

export interface Contributions {
  /** The score to expect of a row of which nothing is known: a row's contributions and this add up to its raw score. */
  readonly base: number;
  /** Of the asked row i and feature f at i * width + f, in units of the raw score; width is that of the ensemble. */
  readonly values: Float64Array;
}

export class TreeShap {
  private readonly compiled: CompiledShap;
  private readonly base: number;

  /**
   * @throws RankerError RANKER_LINEAR where leaves are linear: as in LightGBM these values are not defined for them;
   * RANKER_CORRUPT where the ensemble is not whole or has no counts
   */
  constructor(private readonly ensemble: TreeEnsemble) {
    checkEnsemble(ensemble);
    const linear = ensemble.trees.findIndex((tree) => tree.linear !== null);
    if (linear !== -1) {
      throw new RankerError(
        'RANKER_LINEAR',
        `tree ${linear}: contributions are defined for constant leaves, found linear ones`,
      );
    }
    this.compiled = new CompiledShap(ensemble);
    this.base = ensemble.trees.reduce((sum, tree) => sum + expectation(tree), 0);
  }

  /** Contributions to the scores of the rows with these indexes in the matrix. */
  explain(matrix: FeatureMatrix, rows: readonly number[]): Contributions {
    checkMatrix(this.ensemble, matrix);
    const unknown = rows.find((row) => !Number.isInteger(row) || row < 0 || row >= matrix.rows);
    if (unknown !== undefined) throw new Error(`row ${unknown} of a matrix of ${matrix.rows} rows can't be explained`);
    const values = new Float64Array(rows.length * this.ensemble.featureNames.length);
    this.compiled.addContributions(matrix, rows, values);
    return { base: this.base, values };
  }
}

function expectation({ leaves, leafValue, leafCount, splitCount }: Tree): number {
  if (leaves === 1) return leafValue[0]!;
  let sum = 0;
  for (let leaf = 0; leaf < leaves; leaf++) sum += (leafCount[leaf]! / splitCount[0]!) * leafValue[leaf]!;
  return sum;
}
