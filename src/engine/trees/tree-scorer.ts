/**
 * Raw scores of rows by an ensemble, made ready once and used for any number of batches: by the compiled kernel where it can,
 * else (categorical splits, linear leaves, more than 256 leaves a tree) by walking down the trees. Both add doubles in the
 * order of the trees, so scores are LightGBM's to the bit; with linear leaves, whose sums may be fused there, within 1e-6.
 */
import { checkEnsemble } from './check-ensemble.js';
import { CompiledScorer } from './compiled-scorer.js';
import { addPlainScores } from './plain-scorer.js';
import { isLayable } from './scorer-layout.js';
import { type FeatureMatrix, type TreeEnsemble } from './tree-ensemble.js';

/** A kernel's call costs as much for one row as for sixteen; so few are walked down sooner. */
const FEW_ROWS = 3;

export class TreeScorer {
  private readonly compiled: CompiledScorer | null;

  /** @throws RankerError RANKER_CORRUPT where the ensemble is not whole: the kernel checks no pointer */
  constructor(private readonly ensemble: TreeEnsemble) {
    checkEnsemble(ensemble);
    this.compiled = isLayable(ensemble) ? new CompiledScorer(ensemble) : null;
  }

  /** One score a row, in their order; columns beyond the ensemble's features are not looked at. */
  score(matrix: FeatureMatrix): Float64Array {
    checkMatrix(this.ensemble, matrix);
    const scores = new Float64Array(matrix.rows);
    if (this.compiled !== null && matrix.rows > FEW_ROWS) this.compiled.addScores(matrix, scores);
    else addPlainScores(this.ensemble, matrix, scores);
    return scores;
  }
}

/** @throws Error where the matrix is narrower than the ensemble or no matrix: a broken contract */
export function checkMatrix({ featureNames }: TreeEnsemble, { rows, width, values }: FeatureMatrix): void {
  if (width < featureNames.length) {
    throw new Error(`an ensemble of ${featureNames.length} features got a matrix of ${width} columns`);
  }
  if (values.length < rows * width) {
    throw new Error(`a matrix of ${rows} rows and ${width} columns has ${values.length} values`);
  }
}
