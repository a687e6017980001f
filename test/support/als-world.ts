/** Worlds with a known answer for factor models, and dense arithmetic to check fast code by. */
import { type Random } from '../../src/math/random.js';
import { type SparseMatrix, sparseMatrix } from '../../src/math/sparse-matrix.js';

/** Blocks of `size` users who like all `size` items of their block and nothing else, without the pairs left out. */
export function blockWorld(
  blocks: number,
  size: number,
  leftOut: (user: number, item: number) => boolean = () => false,
): SparseMatrix {
  const pairs: [number, number][] = [];
  for (let user = 0; user < blocks * size; user++)
    for (let place = 0; place < size; place++) {
      const item = Math.floor(user / size) * size + place;
      if (!leftOut(user, item)) pairs.push([user, item]);
    }
  return matrixOf(pairs, blocks * size, blocks * size);
}

/** Users and items of `groups` tastes: most likes within the own taste, some anywhere. */
export function tasteWorld(random: Random, { users = 200, items = 100, groups = 5, likes = 12 } = {}): SparseMatrix {
  const pairs: [number, number][] = [];
  for (let user = 0; user < users; user++)
    for (let like = 0; like < likes; like++) {
      const any = random.below(items);
      pairs.push([user, random.next() < 0.8 ? any - (any % groups) + (user % groups) : any]);
    }
  return matrixOf(pairs, users, items);
}

export function matrixOf(pairs: readonly (readonly [number, number])[], rows: number, columns: number): SparseMatrix {
  const rowOf = Int32Array.from(pairs, ([row]) => row);
  const columnOf = Int32Array.from(pairs, ([, column]) => column);
  return sparseMatrix({ rows, columns, rowOf, columnOf });
}

/** Solves a square system by Gaussian elimination with pivots. */
export function solveExactly(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const lines = matrix.map((line, at) => [...line, right[at]!]);
  const size = lines.length;
  for (let a = 0; a < size; a++) {
    const pivot = lines
      .slice(a)
      .reduce((top, line, at) => (Math.abs(line[a]!) > Math.abs(lines[top]![a]!) ? a + at : top), a);
    [lines[a], lines[pivot]] = [lines[pivot]!, lines[a]!];
    for (let b = 0; b < size; b++) {
      if (b === a) continue;
      const share = lines[b]![a]! / lines[a]![a]!;
      for (let at = a; at <= size; at++) lines[b]![at]! -= share * lines[a]![at]!;
    }
  }
  return lines.map((line, at) => line[size]! / line[at]!);
}

/** Y^T Y times a0, by the definition. */
export function denseGram(factors: Float32Array, width: number, unobservedWeight: number): Float32Array {
  const sums = new Float64Array(width * width);
  for (let base = 0; base < factors.length; base += width)
    for (let a = 0; a < width; a++) {
      const factor = factors[base + a]!;
      for (let b = 0; b < width; b++) sums[a * width + b] = sums[a * width + b]! + factor * factors[base + b]!;
    }
  return Float32Array.from(sums, (sum) => unobservedWeight * sum);
}
