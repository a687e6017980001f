/** Quadratures by the depth of a tree: a path of d features asks for polynomials of degree d - 1. */
import { gaussLegendre, type Quadrature } from '../../math/gauss-legendre.js';

const quadratures = new Map<number, Quadrature>();

/** Points that integrate exactly the products along paths which meet at most `depth` features. */
export function quadratureOf(depth: number): Quadrature {
  const count = (depth + 1) >> 1;
  let quadrature = quadratures.get(count);
  if (quadrature === undefined) quadratures.set(count, (quadrature = gaussLegendre(count)));
  return quadrature;
}
