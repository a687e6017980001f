/** What the kernels of `kernels/ranker.ts` compute, in plain TypeScript and by the definitions. */

/** Of a bin or a side of a split, in whole steps. */
export interface Sums {
  readonly gradients: number;
  readonly hessians: number;
  readonly rows: number;
}

/** The sums of each bin over rows of a column of bins; pairs hold gradient and hessian of every row of the set. */
export function plainHistogram(rows: Int32Array, pairs: Int32Array, column: Uint8Array, bins: number): Sums[] {
  return Array.from({ length: bins }, (_, bin) => {
    const own = [...rows].filter((row) => column[row] === bin);
    const sum = (k: 0 | 1): number => own.reduce((total, row) => total + pairs[2 * row + k]!, 0);
    return { gradients: sum(0), hessians: sum(1), rows: own.length };
  });
}

export interface SplitRules {
  readonly minRows: number;
  readonly minHessian: number;
  readonly l2: number;
  readonly gradientStep: number;
  readonly hessianStep: number;
}

export interface PlainSplit {
  readonly gain: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly left: Sums;
}

/** Every split of a histogram that the rules allow, by trying them all. */
export function plainSplits(histogram: readonly Sums[], hasMissing: boolean, rules: SplitRules): PlainSplit[] {
  const score = ({ gradients, hessians }: Sums): number =>
    (gradients * rules.gradientStep) ** 2 / (hessians * rules.hessianStep + rules.l2);
  const all = total(histogram);
  const found: PlainSplit[] = [];
  for (const missingLeft of hasMissing ? [true, false] : [true])
    for (let bin = hasMissing ? 1 : 0; bin < histogram.length; bin++) {
      const left = total(histogram.slice(hasMissing && !missingLeft ? 1 : 0, bin + 1));
      const right = {
        gradients: all.gradients - left.gradients,
        hessians: all.hessians - left.hessians,
        rows: all.rows - left.rows,
      };
      const allowed = [left, right].every(
        ({ rows, hessians }) => rows >= rules.minRows && hessians * rules.hessianStep >= rules.minHessian,
      );
      if (allowed) found.push({ gain: score(left) + score(right) - score(all), bin, missingLeft, left });
    }
  return found;
}

export function total(histogram: readonly Sums[]): Sums {
  const sum = (of: keyof Sums): number => histogram.reduce((all, bin) => all + bin[of], 0);
  return { gradients: sum('gradients'), hessians: sum('hessians'), rows: sum('rows') };
}

export interface LambdaQuery {
  readonly scores: readonly number[];
  readonly labels: readonly number[];
  readonly truncation: number;
  readonly normalise: boolean;
  readonly weight: number;
}

/** Lambdas pair by pair (Burges 2010), with the truncation and the norms of LightGBM: [gradient, hessian] of each row. */
export function plainLambdas({ scores, labels, truncation, normalise, weight }: LambdaQuery): [number, number][] {
  const gain = (row: number): number => 2 ** labels[row]! - 1;
  const byScore = scores.map((_, row) => row).sort((a, b) => scores[b]! - scores[a]! || a - b);
  const rank = scores.map((_, row) => byScore.indexOf(row));
  const discount = (row: number): number => 1 / Math.log2(rank[row]! + 2);
  const ideal = [...labels]
    .sort((a, b) => b - a)
    .slice(0, truncation)
    .reduce((sum, label, at) => sum + (2 ** label - 1) / Math.log2(at + 2), 0);
  const spread = Math.max(...scores) !== Math.min(...scores);
  const out = scores.map((): [number, number] => [0, 0]);
  let sum = 0;
  scores.forEach((_, high) =>
    scores.forEach((__, low) => {
      if (labels[high]! <= labels[low]! || Math.min(rank[high]!, rank[low]!) >= truncation) return;
      const ahead = scores[high]! - scores[low]!;
      let delta = ((gain(high) - gain(low)) * Math.abs(discount(high) - discount(low))) / ideal;
      if (normalise && spread) delta /= 0.01 + Math.abs(ahead);
      const p = 1 / (1 + Math.exp(ahead));
      out[high]![0] -= p * delta;
      out[low]![0] += p * delta;
      out[high]![1] += p * (1 - p) * delta;
      out[low]![1] += p * (1 - p) * delta;
      sum += 2 * p * delta;
    }),
  );
  const factor = weight * (normalise && sum > 0 ? Math.log2(1 + sum) / sum : 1);
  return out.map(([gradient, hessian]) => [gradient * factor, hessian * factor]);
}
