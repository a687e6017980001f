/**
 * Bins of a feature: ranges of its values with about as many rows each, and bin 0 for missing values where there are any.
 * A bin's upper bound lies half way between two values of float32 as a double, so that `value <= bound` sends every value
 * where its bin went. Greedy as in LightGBM: a value with more rows than a mean bin gets one of its own.
 */

export interface FeatureBins {
  /** Column of the training set. */
  readonly feature: number;
  /** Upper bound of each bin of values but the last, ascending. */
  readonly bounds: Float64Array;
  readonly hasMissing: boolean;
  readonly least: number;
  readonly most: number;
  /** Bins in all. */
  readonly bins: number;
}

/** What trees write as the bound of the last bin of values, which splits them all from missing ones. */
const ANY_VALUE = 1e300;
const LARGEST = 3.4028234663852886e38;
/** Rows that bounds are found from, evenly spaced over the set, as many as LightGBM takes. */
const SAMPLE = 200_000;

/** Bins of a column, `most` at the most; null for one that never varies. */
export function findBins(feature: number, column: Float32Array, most: number): FeatureBins | null {
  let missing = 0;
  let [lowest, highest] = [Infinity, -Infinity];
  for (const value of column) {
    if (value !== value) missing++;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  if (missing === column.length || (lowest === highest && missing === 0)) return null;
  const hasMissing = missing > 0;
  const bounds = Float64Array.from(boundsOf(distinct(column), most - (hasMissing ? 1 : 0)));
  const bins = bounds.length + 1 + (hasMissing ? 1 : 0);
  return bins < 2 ? null : { feature, bounds, hasMissing, least: lowest, most: highest, bins };
}

/** The bin of each row of a column, in the order of `rows`. NaN where there is no bin for it counts as 0, as when scoring. */
export function binColumn(bins: FeatureBins, column: Float32Array, rows: Int32Array, out: Uint8Array): void {
  const { bounds, hasMissing } = bins;
  const first = hasMissing ? 1 : 0;
  for (let at = 0; at < rows.length; at++) {
    let value = column[rows[at]!]!;
    if (value !== value) {
      if (hasMissing) {
        out[at] = 0;
        continue;
      }
      value = 0;
    }
    let [from, to] = [0, bounds.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (value <= bounds[middle]!) to = middle;
      else from = middle + 1;
    }
    out[at] = from + first;
  }
}

/** The threshold that sends bins up to this one left; bins are counted with the one of missing values. */
export function thresholdOf({ bounds, hasMissing, most }: FeatureBins, bin: number): number {
  return bounds[bin - (hasMissing ? 1 : 0)] ?? (most === Infinity ? Infinity : ANY_VALUE);
}

interface Distinct {
  readonly values: number[];
  readonly counts: number[];
  readonly total: number;
}

function distinct(column: Float32Array): Distinct {
  const step = Math.max(1, column.length / SAMPLE);
  const sample = new Float32Array(Math.floor(column.length / step));
  let kept = 0;
  for (let at = 0; at < sample.length; at++) {
    const value = column[Math.floor(at * step)]!;
    if (value === value) sample[kept++] = value;
  }
  const sorted = sample.subarray(0, kept).sort();
  const [values, counts]: [number[], number[]] = [[], []];
  for (const found of sorted) {
    const value = Math.max(-LARGEST, Math.min(LARGEST, found));
    if (values.length > 0 && values.at(-1) === value) counts[counts.length - 1]!++;
    else {
      values.push(value);
      counts.push(1);
    }
  }
  return { values, counts, total: kept };
}

function boundsOf({ values, counts, total }: Distinct, most: number): number[] {
  const between = (at: number): number => (values[at]! + values[at + 1]!) / 2;
  if (values.length <= most) return values.slice(0, -1).map((_, at) => between(at));
  let mean = total / most;
  const isLarge = counts.map((count) => count >= mean);
  // The large values take a bin each; the others share what is left.
  let [rowsLeft, binsLeft] = [total, most];
  isLarge.forEach((large, at) => {
    if (!large) return;
    rowsLeft -= counts[at]!;
    binsLeft--;
  });
  mean = rowsLeft / Math.max(1, binsLeft);
  const bounds: number[] = [];
  let inBin = 0;
  for (let at = 0; at + 1 < values.length && bounds.length + 1 < most; at++) {
    if (!isLarge[at]) rowsLeft -= counts[at]!;
    inBin += counts[at]!;
    const full = isLarge[at]! || inBin >= mean || (isLarge[at + 1]! && inBin >= Math.max(1, mean / 2));
    if (!full) continue;
    bounds.push(between(at));
    inBin = 0;
    if (isLarge[at]) continue;
    binsLeft--;
    mean = rowsLeft / Math.max(1, binsLeft);
  }
  return bounds;
}
