/**
 * Contributions by plain TypeScript: the oracle of the kernel in `kernels/tree-shap.ts`. `tree-shap.ts` says what is computed.
 *
 * Of one tree there are tables at the points t, by edge, for a row that has gone along all earlier edges of the feature: the
 * factor of the product when it goes along this one too and when it does not, and what times the sum below is the contribution.
 * Where the row left an earlier edge of the feature, the factor is the share alone and nothing more is contributed.
 */
import { goesLeft } from './find-leaf.js';
import { quadratureOf } from './path-quadrature.js';
import { NONE, type TreeEdges } from './tree-edges.js';
import { type FeatureMatrix, type Tree } from './tree-ensemble.js';

export class PlainShap {
  private readonly points: number;
  private readonly weights: Float64Array;
  private readonly inFactor: Float64Array;
  private readonly outFactor: Float64Array;
  private readonly inGain: Float64Array;
  private readonly outGain: Float64Array;
  /** By edge: whether the row goes along it and all earlier ones of its feature. */
  private readonly along: Uint8Array;
  /** By edge and point: products down to it, then sums of leaf value x product below it. */
  private readonly products: Float64Array;
  private readonly sums: Float64Array;
  private readonly turnsLeft: Uint8Array;

  constructor(
    private readonly tree: Tree,
    private readonly edges: TreeEdges,
  ) {
    const { points, weights } = quadratureOf(edges.depth);
    const size = edges.count * points.length;
    this.points = points.length;
    this.weights = weights;
    this.inFactor = new Float64Array(size);
    this.outFactor = new Float64Array(size);
    this.inGain = new Float64Array(size);
    this.outGain = new Float64Array(size);
    this.products = new Float64Array(size);
    this.sums = new Float64Array(size);
    this.along = new Uint8Array(edges.count);
    this.turnsLeft = new Uint8Array(tree.leaves - 1);
    for (let edge = 0; edge < edges.count; edge++) this.fill(edge, points);
  }

  private fill(edge: number, points: Float64Array): void {
    const { share, earlier } = this.edges;
    const z = share[edge]!;
    const before = earlier[edge]!;
    // An earlier edge's factor is replaced, and its contribution, made for all below it, is taken back.
    const zBefore = before === NONE ? 1 : share[before]!;
    for (let point = 0, at = edge * points.length; point < points.length; point++, at++) {
      const t = points[point]!;
      const factor = z * (1 - t) + t;
      const factorBefore = zBefore * (1 - t) + t;
      const gainBefore = (1 - zBefore) / factorBefore;
      this.inFactor[at] = factor / factorBefore;
      this.outFactor[at] = (z * (1 - t)) / factorBefore;
      this.inGain[at] = (1 - z) / factor - gainBefore;
      // (0 - z) / (z (1 - t)): a share of 0 needs no division.
      this.outGain[at] = -1 / (1 - t) - gainBefore;
    }
  }

  /** Adds what the tree contributes to the row's score to the values by feature. */
  add(matrix: FeatureMatrix, row: number, values: Float64Array): void {
    const { tree, turnsLeft } = this;
    for (let split = 0; split < turnsLeft.length; split++) {
      const value = matrix.values[tree.feature[split]! * matrix.rows + row]!;
      turnsLeft[split] = goesLeft(tree, split, value) ? 1 : 0;
    }
    this.multiplyDown();
    this.sumUp(values);
  }

  private multiplyDown(): void {
    const { points, along, turnsLeft, products, weights, inFactor, outFactor } = this;
    const { count, parent, split, isLeft, earlier, ownShare } = this.edges;
    for (let edge = 0; edge < count; edge++) {
      const before = earlier[edge]!;
      const wasAlong = before === NONE || along[before] === 1;
      along[edge] = wasAlong && isLeft[edge] === turnsLeft[split[edge]!] ? 1 : 0;
      const at = edge * points;
      const above = parent[edge]!;
      const [from, base] = above === NONE ? [weights, 0] : [products, above * points];
      if (wasAlong) {
        const factor = along[edge] === 1 ? inFactor : outFactor;
        for (let point = 0; point < points; point++) products[at + point] = from[base + point]! * factor[at + point]!;
      } else {
        const share = ownShare[edge]!;
        for (let point = 0; point < points; point++) products[at + point] = from[base + point]! * share;
      }
    }
  }

  private sumUp(values: Float64Array): void {
    const { points, along, products, sums, inGain, outGain, tree } = this;
    const { count, parent, leaf, earlier, feature } = this.edges;
    sums.fill(0);
    for (let edge = count - 1; edge >= 0; edge--) {
      const at = edge * points;
      if (leaf[edge] !== NONE) {
        const value = tree.leafValue[leaf[edge]!]!;
        for (let point = 0; point < points; point++) sums[at + point] = value * products[at + point]!;
      }
      const before = earlier[edge]!;
      if (before === NONE || along[before] === 1) {
        const gain = along[edge] === 1 ? inGain : outGain;
        let sum = 0;
        for (let point = 0; point < points; point++) sum += sums[at + point]! * gain[at + point]!;
        values[feature[edge]!]! += sum;
      }
      const above = parent[edge]!;
      if (above === NONE) continue;
      const base = above * points;
      for (let point = 0; point < points; point++) sums[base + point]! += sums[at + point]!;
    }
  }
}
