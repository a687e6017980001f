/**
 * Isotonic regression by pooling adjacent violators (Ayer et al. 1955; Robertson, Wright and Dykstra 1988): the step function
 * that never falls and is nearest to the observations by squares. As a map from scores to probabilities: Zadrozny and Elkan
 * 2002. O(n log n) for the sort, then O(n).
 */
export interface IsotonicFit {
  /** Lowest score of each step, ascending, and the value there. */
  readonly from: Float64Array;
  readonly values: Float64Array;
}

/** `outcomes`, such as 0 and 1, observed at `scores`; both of the same length, in any order. */
export function fitIsotonic(scores: ArrayLike<number>, outcomes: ArrayLike<number>): IsotonicFit {
  const order = Int32Array.from({ length: scores.length }, (_, at) => at).sort((a, b) => scores[a]! - scores[b]!);
  const from: number[] = [];
  const sums: number[] = [];
  const counts: number[] = [];
  for (const at of order) {
    if (from.length > 0 && from.at(-1) === scores[at]) {
      sums[sums.length - 1]! += outcomes[at]!;
      counts[counts.length - 1]!++;
      continue;
    }
    from.push(scores[at]!);
    sums.push(outcomes[at]!);
    counts.push(1);
  }
  return pooled(from, sums, counts);
}

/** Joins neighbouring steps wherever the later one is not higher. */
function pooled(from: readonly number[], sums: readonly number[], counts: readonly number[]): IsotonicFit {
  const kept: { from: number; sum: number; count: number }[] = [];
  from.forEach((start, at) => {
    let step = { from: start, sum: sums[at]!, count: counts[at]! };
    for (
      let last = kept.at(-1);
      last !== undefined && last.sum * step.count >= step.sum * last.count;
      last = kept.at(-1)
    ) {
      kept.pop();
      step = { from: last.from, sum: last.sum + step.sum, count: last.count + step.count };
    }
    kept.push(step);
  });
  return {
    from: Float64Array.from(kept, (step) => step.from),
    values: Float64Array.from(kept, (step) => step.sum / step.count),
  };
}

/** The value at a score: that of the step it falls into; below the first step that of the first. NaN without observations. */
export function isotonicValue({ from, values }: IsotonicFit, score: number): number {
  let low = 0;
  let high = from.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (from[middle]! <= score) low = middle + 1;
    else high = middle;
  }
  return values[Math.max(0, low - 1)] ?? NaN;
}
