/**
 * Exact tree-path-dependent SHAP values (Lundberg et al. 2020, Algorithm 2: LightGBM's `pred_contrib`): the Shapley values of
 * the game whose value for a set of features is the tree's expectation when only these are known, by the counts of its rows.
 *
 * A leaf of value v whose path meets d features, feature j letting the share z_j of rows through and this row (o_j = 1) or not
 * (o_j = 0), adds to feature i: v (o_i - z_i) sum over sets S of the others |S|! (d - 1 - |S|)! / d! prod_S o_j prod_not_S z_j.
 * As k! (d - 1 - k)! / d! is the integral of t^k (1 - t)^(d - 1 - k) over 0..1, the sum is that of prod_j (z_j (1 - t) + o_j t),
 * a polynomial, which ceil(d / 2) Gauss-Legendre points integrate exactly. Its terms are positive and no path is unwound, whose
 * subtractions lose digits in deep trees; and a tree costs leaves x depth, not leaves x depth^2, for products are shared downwards
 * and sums upwards (as in Linear TreeSHAP, Yu et al. 2022).
 */
import { gaussLegendre, type Quadrature } from '../../math/gauss-legendre.js';
import { checkEnsemble } from './check-ensemble.js';
import { goesLeft } from './find-leaf.js';
import { RankerError } from './ranker-error.js';
import { NONE, treeEdges, type TreeEdges } from './tree-edges.js';
import { type FeatureMatrix, type Tree, type TreeEnsemble } from './tree-ensemble.js';
import { checkMatrix } from './tree-scorer.js';

export interface Contributions {
  /** The score to expect of a row of which nothing is known: a row's contributions and this add up to its raw score. */
  readonly base: number;
  /** Of the asked row i and feature f at i * width + f, in units of the raw score; width is that of the ensemble. */
  readonly values: Float64Array;
}

export class TreeShap {
  private readonly edges: readonly TreeEdges[];
  private readonly base: number;

  /**
   * @throws RankerError RANKER_LINEAR where leaves are linear: as in LightGBM these values are not defined for them;
   * RANKER_CORRUPT where the ensemble is not whole or has no counts
   */
  constructor(private readonly ensemble: TreeEnsemble) {
    checkEnsemble(ensemble);
    const linear = ensemble.trees.findIndex((tree) => tree.linear !== null);
    if (linear !== -1) {
      throw new RankerError(
        'RANKER_LINEAR',
        `tree ${linear}: contributions are defined for constant leaves, found linear ones`,
      );
    }
    this.edges = ensemble.trees.map(treeEdges);
    this.base = ensemble.trees.reduce((sum, tree) => sum + expectation(tree), 0);
  }

  /** Contributions to the scores of the rows with these indexes in the matrix. */
  explain(matrix: FeatureMatrix, rows: readonly number[]): Contributions {
    checkMatrix(this.ensemble, matrix);
    const unknown = rows.find((row) => !Number.isInteger(row) || row < 0 || row >= matrix.rows);
    if (unknown !== undefined) throw new Error(`row ${unknown} of a matrix of ${matrix.rows} rows can't be explained`);
    const width = this.ensemble.featureNames.length;
    const values = new Float64Array(rows.length * width);
    this.ensemble.trees.forEach((tree, index) => {
      if (tree.leaves === 1) return;
      const walk = new ShapWalk(tree, this.edges[index]!);
      rows.forEach((row, at) => walk.add(matrix, row, values.subarray(at * width, (at + 1) * width)));
    });
    return { base: this.base, values };
  }
}

function expectation({ leaves, leafValue, leafCount, splitCount }: Tree): number {
  if (leaves === 1) return leafValue[0]!;
  let sum = 0;
  for (let leaf = 0; leaf < leaves; leaf++) sum += (leafCount[leaf]! / splitCount[0]!) * leafValue[leaf]!;
  return sum;
}

const quadratures = new Map<number, Quadrature>();

function quadratureOf(depth: number): Quadrature {
  const count = (depth + 1) >> 1;
  let quadrature = quadratures.get(count);
  if (quadrature === undefined) quadratures.set(count, (quadrature = gaussLegendre(count)));
  return quadrature;
}

/**
 * One tree's tables at the points t, by edge, for a row that has gone along all earlier edges of the feature: the factor of
 * the product when it goes along this one too and when it does not, and what times the sum below is the contribution. Where it
 * left an earlier edge of the feature, the factor is the share and nothing more is contributed.
 */
class ShapWalk {
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
