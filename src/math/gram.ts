/**
 * The Gram matrix Y^T Y of factors (rows x width, row by row), as a sum over row ranges: `addGram` adds the upper triangle
 * of rows `from..to`, `mirror` fills in the lower one at the end.
 */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

export function addGram(factors: Float32Array, width: number, { from, to }: RowRange, sum: Float32Array): void {
  for (let row = from; row < to; row++) {
    const base = row * width;
    for (let a = 0; a < width; a++) {
      const left = factors[base + a]!;
      const line = a * width;
      for (let b = a; b < width; b++) sum[line + b]! += left * factors[base + b]!;
    }
  }
}

/** Copies the upper triangle of a square matrix into the lower one. */
export function mirror(matrix: Float32Array, width: number): void {
  for (let a = 1; a < width; a++) for (let b = 0; b < a; b++) matrix[a * width + b] = matrix[b * width + a]!;
}
