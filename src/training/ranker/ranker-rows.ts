/** A training set of ranking: rows grouped by query. */
import { TrainingError } from '../training-error.js';

export interface RankerRows {
  readonly featureNames: readonly string[];
  readonly rows: number;
  /**
   * Feature f of row r at f * rows + r. NaN is unknown; an infinite value counts as the largest float32. Values over shared
   * memory are read in place by all threads; others are copied once.
   */
  readonly values: Float32Array;
  /** Relevance of each row from 0 to 30: 1 for a clicked item, 0 for the others. */
  readonly labels: Uint8Array;
  /** Row at which each query begins, and `rows` at the end: queries + 1 entries. */
  readonly starts: Int32Array;
  /** Weight of each query, or null for 1 each. */
  readonly weights: Float32Array | null;
}

/** Gains are 2^label - 1. */
export const MOST_LABEL = 30;
/** Sums over more rows would no longer be exact. */
export const MOST_ROWS = 1 << 23;

/** @throws TrainingError BAD_TRAINING_SET, TOO_FEW_ROWS or TRAINING_SET_TOO_LARGE */
export function checkRows({ featureNames, rows, values, labels, starts, weights }: RankerRows): void {
  const queries = starts.length - 1;
  if (rows === 0 || queries < 1) throw new TrainingError('TOO_FEW_ROWS', 'there is no row to rank');
  if (rows > MOST_ROWS)
    throw new TrainingError('TRAINING_SET_TOO_LARGE', `${rows} rows: at most ${MOST_ROWS} are ranked`);
  const lengths: [string, number, number][] = [
    ['values', values.length, featureNames.length * rows],
    ['labels', labels.length, rows],
    ['weights', weights?.length ?? queries, queries],
    ['first start', starts[0]!, 0],
    ['last start', starts[queries]!, rows],
  ];
  for (const [name, found, expected] of lengths)
    if (found !== expected) throw new TrainingError('BAD_TRAINING_SET', `${name}: ${found}, expected ${expected}`);
  const refuse = (name: string, at: number, found: number, allowed: string): never => {
    throw new TrainingError('BAD_TRAINING_SET', `${name}[${at}] = ${found}: allowed is ${allowed}`);
  };
  for (let query = 0; query < queries; query++)
    if (starts[query + 1]! < starts[query]!) refuse('starts', query + 1, starts[query + 1]!, `from ${starts[query]}`);
  labels.forEach((label, row) => void (label > MOST_LABEL && refuse('labels', row, label, `0 to ${MOST_LABEL}`)));
  weights?.forEach((weight, query) => {
    if (!(weight >= 0 && weight < Infinity)) refuse('weights', query, weight, 'a number from 0');
  });
}
