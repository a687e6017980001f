/** Log loss of relevance above 0, each row for itself. */
/** Where all rows are alike. */
const LEAST_SHARE = 1e-9;

export interface ScoredQuery {
  readonly scores: Float64Array;
  readonly labels: Uint8Array;
  readonly weight: number;
}

/** Derivatives by each score into `out`: gradient and hessian of each row. */
export function logLoss({ scores, labels, weight }: ScoredQuery, out: Float32Array): void {
  for (let row = 0; row < scores.length; row++) {
    const p = 1 / (1 + Math.exp(-scores[row]!));
    out[2 * row] = weight * (p - (labels[row]! > 0 ? 1 : 0));
    out[2 * row + 1] = weight * p * (1 - p);
  }
}

/** The score that all rows alike lose least by: the log odds of a relevant row. */
export function initialScore(labels: Uint8Array, weights: Float32Array, starts: Int32Array): number {
  let [relevant, all] = [0, 0];
  weights.forEach((weight, query) => {
    for (let row = starts[query]!; row < starts[query + 1]!; row++) {
      all += weight;
      if (labels[row]! > 0) relevant += weight;
    }
  });
  const share = Math.min(1 - LEAST_SHARE, Math.max(LEAST_SHARE, relevant / all));
  return Math.log(share / (1 - share));
}
