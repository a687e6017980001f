/**
 * Gauss-Legendre quadrature on 0..1: n points and positive weights that integrate every polynomial of degree 2n - 1 exactly.
 * Points are roots of the Legendre polynomial by Newton's method (Press et al., Numerical Recipes, section 4.6).
 */
export interface Quadrature {
  readonly points: Float64Array;
  readonly weights: Float64Array;
}

export function gaussLegendre(count: number): Quadrature {
  const points = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    let x = Math.cos((Math.PI * (at + 0.75)) / (count + 0.5));
    let slope = 0;
    // Converges quadratically from within the root's own basin: a few steps reach the last bit.
    for (let step = 0; step < 8; step++) {
      const [value, derivative] = legendre(count, x);
      slope = derivative;
      x -= value / derivative;
    }
    points[at] = (1 - x) / 2;
    weights[at] = 1 / ((1 - x * x) * slope * slope);
  }
  return { points, weights };
}

// P_n(x) and its derivative.
function legendre(n: number, x: number): [value: number, derivative: number] {
  let before = 0;
  let value = 1;
  for (let degree = 1; degree <= n; degree++) {
    [before, value] = [value, ((2 * degree - 1) * x * value - (degree - 1) * before) / degree];
  }
  return [value, (n * (x * value - before)) / (x * x - 1)];
}
