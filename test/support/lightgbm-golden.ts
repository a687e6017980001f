/** Models that LightGBM trained and what it says of some rows; made by test/golden/lightgbm/make-golden.py. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type FeatureMatrix } from '../../src/engine/trees/tree-ensemble.js';

const FOLDER = join(__dirname, '../golden/lightgbm');

export interface LightgbmGolden {
  readonly name: string;
  readonly text: string;
  readonly rows: FeatureMatrix;
  readonly raw: readonly number[];
  /** By row: one a feature, then the expected score. Absent where LightGBM refuses, with its reason. */
  readonly contributions?: readonly (readonly number[])[];
  readonly refusal?: string;
}

type Table = readonly (readonly (number | null)[])[];

export const GOLDEN_NAMES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.txt'))
  .map((file) => file.replace('.txt', ''));

export function lightgbmGolden(name: string): LightgbmGolden {
  const { rows, raw, contributions, refusal } = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as {
    readonly rows: Table;
    readonly raw: Table[number];
    readonly contributions?: Table;
    readonly refusal?: string;
  };
  return {
    name,
    text: readFileSync(join(FOLDER, `${name}.txt`), 'utf8'),
    rows: matrixOf(rows),
    raw: raw.map(numberOf),
    ...(contributions && { contributions: contributions.map((row) => row.map(numberOf)) }),
    ...(refusal && { refusal }),
  };
}

// JSON has neither NaN nor infinity.
function numberOf(written: number | null): number {
  if (written === null) return NaN;
  return Math.abs(written) === 1e39 ? Math.sign(written) * Infinity : written;
}

/** Rows laid out by column; null is NaN. */
export function matrixOf(rows: readonly (readonly (number | null)[])[]): FeatureMatrix {
  const width = rows[0]!.length;
  const values = new Float32Array(rows.length * width);
  rows.forEach((row, at) => row.forEach((value, feature) => (values[feature * rows.length + at] = value ?? NaN)));
  return { rows: rows.length, width, values };
}

/** Relative where the expected values are large; the same NaN or infinity is no difference, another is an infinite one. */
export function largestDifference(values: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(values.length).toBe(expected.length);
  let largest = 0;
  for (let at = 0; at < values.length; at++) {
    const [value, target] = [values[at]!, expected[at]!];
    if (Object.is(value, target)) continue;
    const difference = Math.abs(value - target) / Math.max(1, Math.abs(target));
    largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
  }
  return largest;
}
