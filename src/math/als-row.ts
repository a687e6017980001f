/**
 * One row of implicit alternating least squares: the vector x of a user (or item) given the factors Y of the other side,
 *   minimise  sum over the row of w_i (x.y_i - 1)^2  +  a0 * sum over all i of (x.y_i)^2  +  ridge * |x|^2
 * (Hu, Koren and Volinsky 2008; unobserved weight a0 and ridge as in Rendle et al. 2021, "Revisiting the Performance of
 * iALS on Item Recommendation Benchmarks"), by conjugate gradient from where x stands. Training and fold-in share it.
 */
export interface AlsSide {
  /** Factors of the other side, n x width. */
  readonly factors: Float32Array;
  /** a0 * Y^T Y, width x width. */
  readonly gram: Float32Array;
  readonly width: number;
}

/** Entries `from..to` of `indexes` and `weights` are the row's. */
export interface AlsRow {
  readonly indexes: Int32Array;
  readonly weights: Float32Array;
  readonly from: number;
  readonly to: number;
  readonly ridge: number;
}

export interface Precision {
  /** At most so many steps... */
  readonly steps: number;
  /** ...and no more once the residual is so small a part of the right-hand side. */
  readonly tolerance: number;
}

/** Steps until the vector no longer depends on where it started: last half-step of training, and fold-in. */
export const CONVERGED: Precision = { steps: 200, tolerance: 1e-5 };

/** Regularisation scaled by frequency: lambda * (entries of the row + a0 * rows of the other side)^exponent. */
export function ridgeOf(
  entries: number,
  others: number,
  { regularisation, unobservedWeight, frequencyExponent }: RidgeSettings,
): number {
  return regularisation * (entries + unobservedWeight * others) ** frequencyExponent;
}

export interface RidgeSettings {
  readonly regularisation: number;
  readonly unobservedWeight: number;
  readonly frequencyExponent: number;
}

/** Holds the working memory of one thread. */
export class AlsRowSolver {
  private readonly residual: Float64Array;
  private readonly direction: Float64Array;
  private readonly image: Float64Array;

  constructor(private readonly side: AlsSide) {
    this.residual = new Float64Array(side.width);
    this.direction = new Float64Array(side.width);
    this.image = new Float64Array(side.width);
  }

  /** Improves `vector` (width places) in place; a row without entries gets zeros. */
  solve(vector: Float32Array, row: AlsRow, { steps, tolerance }: Precision): void {
    const { residual, direction, image } = this;
    const { width } = this.side;
    if (row.from === row.to) return void vector.fill(0);
    const size = this.rightHandSide(row);
    for (let a = 0; a < width; a++) direction[a] = vector[a]!;
    this.multiply(row);
    let error = 0;
    for (let a = 0; a < width; a++) {
      residual[a]! -= image[a]!;
      direction[a] = residual[a]!;
      error += residual[a]! * residual[a]!;
    }
    const enough = tolerance * tolerance * size;
    for (let step = 0; step < steps && error > enough; step++) {
      const curvature = this.multiply(row);
      if (!(curvature > 0)) return; // too small a direction for its square
      const length = error / curvature;
      let next = 0;
      for (let a = 0; a < width; a++) {
        vector[a]! += length * direction[a]!;
        residual[a]! -= length * image[a]!;
        next += residual[a]! * residual[a]!;
      }
      const keep = next / error;
      for (let a = 0; a < width; a++) direction[a] = residual[a]! + keep * direction[a]!;
      error = next;
    }
  }

  /** residual = sum of w_i y_i; returns its squared length. */
  private rightHandSide({ indexes, weights, from, to }: AlsRow): number {
    const { residual } = this;
    const { factors, width } = this.side;
    residual.fill(0);
    for (let at = from; at < to; at++) {
      const base = indexes[at]! * width;
      const weight = weights[at]!;
      for (let a = 0; a < width; a++) residual[a]! += weight * factors[base + a]!;
    }
    let size = 0;
    for (let a = 0; a < width; a++) size += residual[a]! * residual[a]!;
    return size;
  }

  /** image = (a0 Y^T Y + ridge I + sum of w_i y_i y_i^T) direction; returns direction . image. */
  private multiply({ indexes, weights, from, to, ridge }: AlsRow): number {
    const { direction, image } = this;
    const { factors, gram, width } = this.side;
    for (let a = 0; a < width; a++) {
      const line = a * width;
      let even = 0;
      let odd = 0;
      // dot(gram[a], direction), in two sums so that additions don't wait for each other
      let b = 0;
      for (; b + 1 < width; b += 2) {
        even += gram[line + b]! * direction[b]!;
        odd += gram[line + b + 1]! * direction[b + 1]!;
      }
      if (b < width) even += gram[line + b]! * direction[b]!;
      image[a] = even + odd + ridge * direction[a]!;
    }
    for (let at = from; at < to; at++) {
      const base = indexes[at]! * width;
      let even = 0;
      let odd = 0;
      let b = 0;
      for (; b + 1 < width; b += 2) {
        even += factors[base + b]! * direction[b]!;
        odd += factors[base + b + 1]! * direction[b + 1]!;
      }
      if (b < width) even += factors[base + b]! * direction[b]!;
      const pull = weights[at]! * (even + odd);
      for (let a = 0; a < width; a++) image[a]! += pull * factors[base + a]!;
    }
    let curvature = 0;
    for (let a = 0; a < width; a++) curvature += direction[a]! * image[a]!;
    return curvature;
  }
}
