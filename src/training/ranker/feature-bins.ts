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
  for (let row = 0; row < column.length; row++) {
    const value = column[row]!;
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

/** The different values of a sample, ascending, and the rows of each. */
interface Distinct {
  readonly values: Float32Array;
  readonly counts: Int32Array;
  readonly rows: number;
}

function distinct(column: Float32Array): Distinct {
  const step = Math.max(1, column.length / SAMPLE);
  const sample = new Float32Array(Math.floor(column.length / step));
  let rows = 0;
  for (let at = 0; at < sample.length; at++) {
    const value = column[Math.floor(at * step)]!;
    if (value === value) sample[rows++] = Math.max(-LARGEST, Math.min(LARGEST, value));
  }
  const values = sample.subarray(0, rows).sort();
  const counts = new Int32Array(rows);
  // In place: what is different never stands before where it was.
  let kept = -1;
  for (let at = 0; at < rows; at++) {
    if (kept < 0 || values[at] !== values[kept]) values[++kept] = values[at]!;
    counts[kept]!++;
  }
  return { values: values.subarray(0, kept + 1), counts: counts.subarray(0, kept + 1), rows };
}

function boundsOf({ values, counts, rows }: Distinct, most: number): number[] {
  const between = (at: number): number => (values[at]! + values[at + 1]!) / 2;
  if (values.length <= most) return Array.from({ length: Math.max(0, values.length - 1) }, (_, at) => between(at));
  // Values with more rows than a mean bin take one each; the others share what is left.
  const large = rows / most;
  let [rowsLeft, binsLeft] = [rows, most];
  for (const count of counts) {
    if (count < large) continue;
    rowsLeft -= count;
    binsLeft--;
  }
  const meanLeft = (): number => rowsLeft / Math.max(1, binsLeft);
  const bounds: number[] = [];
  let mean = meanLeft();
  let inBin = 0;
  for (let at = 0; at + 1 < values.length && bounds.length + 1 < most; at++) {
    const isLarge = counts[at]! >= large;
    if (!isLarge) rowsLeft -= counts[at]!;
    inBin += counts[at]!;
    const isNextLarge = counts[at + 1]! >= large;
    if (!isLarge && inBin < mean && !(isNextLarge && inBin >= Math.max(1, mean / 2))) continue;
    bounds.push(between(at));
    inBin = 0;
    if (isLarge) continue;
    binsLeft--;
    mean = meanLeft();
  }
  return bounds;
}
