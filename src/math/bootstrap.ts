/**
 * Bootstrap over users (Efron 1979): users are drawn with replacement and bring all their queries, because the queries of one
 * user depend on each other. All systems are computed on the same draws, so that differences are paired.
 */
import { type Random } from './random.js';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Mean of one column less that of another over the same rows, with its interval. */
export interface Difference extends Interval {
  readonly mean: number;
}

const RESAMPLES = 1_000;
const TAIL = 0.025;

/** What the rows and the resamples say of the columns' means. */
export interface Resampled {
  /** Of the rows themselves; 0 where there are none. */
  mean(column: number): number;
  /** 95 % percentile interval of a column's mean. */
  interval(column: number): Interval;
  /** One column less another, paired. */
  difference(column: number, other: number): Difference;
}

/**
 * @param users one entry a row: id of its user
 * @param columns one value a row in each
 */
export function bootstrap(
  users: readonly (string | number)[],
  columns: readonly ArrayLike<number>[],
  random: Random,
): Resampled {
  const sums = userSums(indexesOf(users), columns);
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
  const mean = (column: number): number => meanOf(columns[column]!);
  return {
    mean,
    interval: (column) => intervalOf(means[column]!),
    difference: (column, other) => ({
      mean: mean(column) - mean(other),
      ...intervalOf(means[column]!.map((one, at) => one - means[other]![at]!)),
    }),
  };
}

/** 0 where there is nothing. */
export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += values[at]!;
  return values.length === 0 ? 0 : sum / values.length;
}

/** Users by number, in the order in which they come. */
function indexesOf(users: readonly (string | number)[]): Int32Array {
  const indexOf = new Map<string | number, number>();
  return Int32Array.from(users, (user) => {
    if (!indexOf.has(user)) indexOf.set(user, indexOf.size);
    return indexOf.get(user)!;
  });
}

/** Row-major, one row a user: number of queries, then the sum of each column. */
function userSums(users: Int32Array, columns: readonly ArrayLike<number>[]): Float64Array {
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
