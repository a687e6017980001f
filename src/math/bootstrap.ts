/**
 * Bootstrap over users (Efron 1979): users are drawn with replacement and bring all their queries, because the queries of one
 * user depend on each other. All systems are computed on the same draws, so that differences are paired.
 */
import { type Random } from './random.js';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 1_000;
const TAIL = 0.025;

/** Means of every column in every resample, column by column. */
export interface Resampled {
  /** 95 % percentile interval of a column's mean. */
  interval(column: number): Interval;
  /** The same of the difference of two columns' means, paired. */
  difference(column: number, other: number): Interval;
}

/**
 * @param users one entry a row: index of its user, 0 to the number of users less 1
 * @param columns one value a row in each
 */
export function bootstrap(users: ArrayLike<number>, columns: readonly ArrayLike<number>[], random: Random): Resampled {
  const sums = userSums(users, columns);
  const width = columns.length + 1;
  const count = sums.length / width;
  const means = columns.map(() => new Float64Array(RESAMPLES));
  const total = new Float64Array(width);
  for (let resample = 0; resample < RESAMPLES; resample++) {
    total.fill(0);
    for (let draw = 0; draw < count; draw++) {
      const start = random.below(count) * width;
      for (let at = 0; at < width; at++) total[at]! += sums[start + at]!;
    }
    means.forEach((column, at) => (column[resample] = total[at + 1]! / Math.max(1, total[0]!)));
  }
  return {
    interval: (column) => intervalOf(means[column]!),
    difference: (column, other) => intervalOf(means[column]!.map((mean, at) => mean - means[other]![at]!)),
  };
}

/** Row-major, one row a user: number of queries, then the sum of each column. */
function userSums(users: ArrayLike<number>, columns: readonly ArrayLike<number>[]): Float64Array {
  const width = columns.length + 1;
  let count = 0;
  for (let row = 0; row < users.length; row++) count = Math.max(count, users[row]! + 1);
  const sums = new Float64Array(count * width);
  for (let row = 0; row < users.length; row++) {
    const start = users[row]! * width;
    sums[start]!++;
    for (let at = 1; at < width; at++) sums[start + at]! += columns[at - 1]![row]!;
  }
  return sums;
}

function intervalOf(values: Float64Array): Interval {
  const sorted = values.slice().sort();
  const at = (part: number): number => sorted[Math.round(part * (sorted.length - 1))]!;
  return { low: at(TAIL), high: at(1 - TAIL) };
}
