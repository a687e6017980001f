/**
 * Contributions by the kernel of `kernels/tree-shap.ts`, compiled to WebAssembly by the build: this file puts the trees' edges in
 * the kernel's memory and decides where rows turn left.
 */
import { goesLeft } from './find-leaf.js';
import { KernelMemory } from './kernel-memory.js';
import { loadKernel } from './load-kernel.js';
import { quadratureOf } from './path-quadrature.js';
import { NONE, treeEdges, type TreeEdges } from './tree-edges.js';
import { type FeatureMatrix, type Tree, type TreeEnsemble } from './tree-ensemble.js';

const EDGE = 48;
const LEFT = 1;
const LEAF = 2;
const DOUBLE = 8;
/** Factors and gains of one point. */
const TABLE = 4 * DOUBLE;
/** Rows that share the making of a tree's tables. */
const PORTION = 64;

/** The exports of `kernels/tree-shap.ts`. */
interface Exports {
  openShap(tables: number, products: number, sums: number, along: number): void;
  openTree(edges: number, count: number, points: number, pairs: number): void;
  addContributions(edges: number, count: number, turnsLeft: number, values: number): void;
}

interface PlacedTree {
  readonly tree: Tree;
  readonly edges: number;
  readonly count: number;
  readonly points: number;
  readonly pairs: number;
}

export class CompiledShap {
  private readonly trees: readonly PlacedTree[];
  private readonly width: number;
  private readonly turnsLeft: Uint8Array;
  private readonly values: Float64Array;
  private readonly exports: Exports;

  /** The ensemble must be whole (`checkEnsemble`) and have constant leaves. @throws RankerError as `treeEdges` does */
  constructor({ trees, featureNames }: TreeEnsemble) {
    const memory = new KernelMemory();
    this.width = featureNames.length;
    const quadratures = new Map<number, Pick<PlacedTree, 'points' | 'pairs'>>();
    let [most, largest, largestTable] = [0, 0, 0];
    this.trees = trees.map((tree, index) => {
      const edges = treeEdges(tree, index);
      if (!quadratures.has(edges.depth)) quadratures.set(edges.depth, placeQuadrature(memory, edges.depth));
      const { points, pairs } = quadratures.get(edges.depth)!;
      most = Math.max(most, edges.count);
      largest = Math.max(largest, (edges.count + 1) * pairs * 2 * DOUBLE);
      largestTable = Math.max(largestTable, edges.count * pairs * 2 * TABLE);
      return { tree, edges: memory.place(records(edges, tree)), count: edges.count, points, pairs };
    });
    const [tables, products, sums] = [memory.reserve(largestTable), memory.reserve(largest), memory.reserve(largest)];
    const along = memory.reserve(most);
    const turnsLeft = memory.reserve(most);
    const values = memory.reserve(PORTION * this.width * DOUBLE);
    const storage = memory.allocate();
    this.turnsLeft = new Uint8Array(storage.buffer, turnsLeft, most);
    this.values = new Float64Array(storage.buffer, values, PORTION * this.width);
    this.exports = loadKernel('tree-shap', storage) as Exports;
    this.exports.openShap(tables, products, sums, along);
  }

  /** Adds to values[i * width + feature] what the trees contribute to the score of the row rows[i]. */
  addContributions(matrix: FeatureMatrix, rows: readonly number[], values: Float64Array): void {
    for (let from = 0; from < rows.length; from += PORTION) {
      const some = rows.slice(from, from + PORTION);
      const part = values.subarray(from * this.width, (from + some.length) * this.width);
      this.values.set(part);
      for (const tree of this.trees) this.addTree(tree, matrix, some);
      part.set(this.values.subarray(0, part.length));
    }
  }

  private addTree(
    { tree, edges, count, points, pairs }: PlacedTree,
    matrix: FeatureMatrix,
    rows: readonly number[],
  ): void {
    if (count === 0) return;
    const { exports, turnsLeft, values, width } = this;
    exports.openTree(edges, count, points, pairs);
    for (let at = 0; at < rows.length; at++) {
      for (let split = 0; split < tree.leaves - 1; split++) {
        const value = matrix.values[tree.feature[split]! * matrix.rows + rows[at]!]!;
        turnsLeft[split] = goesLeft(tree, split, value) ? LEFT : 0;
      }
      exports.addContributions(edges, count, turnsLeft.byteOffset, values.byteOffset + at * width * DOUBLE);
    }
  }
}

// Points, then weights, in pairs: one more point of no weight where their number is odd.
function placeQuadrature(memory: KernelMemory, depth: number): Pick<PlacedTree, 'points' | 'pairs'> {
  const { points, weights } = quadratureOf(depth);
  const pairs = (points.length + 1) >> 1;
  const both = new Float64Array(4 * pairs).fill(0.5, 0, 2 * pairs);
  both.set(points);
  both.set(weights, 2 * pairs);
  return { points: memory.place(both), pairs };
}

function records(edges: TreeEdges, { leafValue }: Tree): Uint8Array {
  const view = new DataView(new ArrayBuffer(edges.count * EDGE));
  for (let edge = 0, at = 0; edge < edges.count; edge++, at += EDGE) {
    const leaf = edges.leaf[edge]!;
    view.setInt32(at, edges.parent[edge]! + 1, true);
    view.setInt32(at + 4, edges.split[edge]!, true);
    view.setInt32(at + 8, (edges.isLeft[edge] === 1 ? LEFT : 0) | (leaf === NONE ? 0 : LEAF), true);
    view.setInt32(at + 12, edges.feature[edge]! * DOUBLE, true);
    view.setInt32(at + 16, edges.earlier[edge]!, true);
    view.setFloat64(at + 24, edges.ownShare[edge]!, true);
    view.setFloat64(at + 32, edges.share[edge]!, true);
    view.setFloat64(at + 40, leaf === NONE ? 0 : leafValue[leaf]!, true);
  }
  return new Uint8Array(view.buffer);
}
