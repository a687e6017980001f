import fc from 'fast-check';
import { seededRandom } from '../../../src/math/random.js';
import { goesLeft } from '../../../src/engine/trees/find-leaf.js';
import { PlainShap } from '../../../src/engine/trees/plain-shap.js';
import { readLightgbm } from '../../../src/engine/trees/read-lightgbm.js';
import { treeEdges } from '../../../src/engine/trees/tree-edges.js';
import { type FeatureMatrix, type Tree, type TreeEnsemble } from '../../../src/engine/trees/tree-ensemble.js';
import { TreeScorer } from '../../../src/engine/trees/tree-scorer.js';
import { TreeShap } from '../../../src/engine/trees/tree-shap.js';
import { GOLDEN_NAMES, largestDifference, lightgbmGolden } from '../../support/lightgbm-golden.js';
import { randomEnsemble, randomRows } from '../../support/random-trees.js';

const EXPLAINED = GOLDEN_NAMES.filter((name) => lightgbmGolden(name).contributions !== undefined);

function all({ rows }: FeatureMatrix): number[] {
  return Array.from({ length: rows }, (_, row) => row);
}

/** What the tree is expected to say when only the features of the set (bits) are known of the row. */
function expectationKnowing(set: number, tree: Tree, matrix: FeatureMatrix, row: number): number {
  const count = (node: number): number => (node < 0 ? tree.leafCount[~node]! : tree.splitCount[node]!);
  const enter = (node: number): number => {
    if (node < 0) return tree.leafValue[~node]!;
    const [left, right, feature] = [tree.left[node]!, tree.right[node]!, tree.feature[node]!];
    if ((set >> feature) & 1) {
      return enter(goesLeft(tree, node, matrix.values[feature * matrix.rows + row]!) ? left : right);
    }
    return (count(left) * enter(left) + count(right) * enter(right)) / count(node);
  };
  return enter(tree.leaves === 1 ? ~0 : 0);
}

/** Shapley values by their definition: the mean gain of knowing a feature over all orders of learning them. */
function shapleyValues({ trees }: TreeEnsemble, matrix: FeatureMatrix, row: number): number[] {
  const { width } = matrix;
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const games = Array.from({ length: 1 << width }, (_, set) =>
    trees.reduce((sum, tree) => sum + expectationKnowing(set, tree, matrix, row), 0),
  );
  return Array.from({ length: width }, (_, feature) =>
    games.reduce((sum, value, set) => {
      if ((set >> feature) & 1) return sum;
      const size = set.toString(2).replaceAll('0', '').length;
      const weight = (factorial(size) * factorial(width - 1 - size)) / factorial(width);
      return sum + weight * (games[set | (1 << feature)]! - value);
    }, 0),
  );
}

describe('TreeShap', () => {
  it.each(EXPLAINED)('explains %s as LightGBM does', (name) => {
    const { text, rows, contributions } = lightgbmGolden(name);
    const { base, values } = new TreeShap(readLightgbm(text)).explain(rows, all(rows));
    const theirs = contributions!.map((row) => row.slice(0, -1)).flat();
    expect(largestDifference(values, theirs)).toBeLessThanOrEqual(1e-9);
    expect(largestDifference([base], [contributions![0]!.at(-1)!])).toBeLessThanOrEqual(1e-12);
  });

  it('refuses linear leaves, as LightGBM does', () => {
    const { text, refusal } = lightgbmGolden('linear');
    expect(refusal).toMatch('not implemented for linear trees');
    expect(() => new TreeShap(readLightgbm(text))).toThrow(
      expect.objectContaining({
        code: 'RANKER_LINEAR',
        message: 'tree 0: contributions are defined for constant leaves, found linear ones',
      }),
    );
  });

  it('gives the Shapley values of the definition, categorical splits and missing values included', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = seededRandom(seed);
        const shape = { trees: 3, leaves: 12, width: 5, categorical: true };
        const ensemble = randomEnsemble(random, shape);
        const matrix = randomRows(random, 3, shape);
        const { base, values } = new TreeShap(ensemble).explain(matrix, [2, 0]);
        expect(largestDifference(values.subarray(0, 5), shapleyValues(ensemble, matrix, 2))).toBeLessThan(1e-13);
        expect(largestDifference(values.subarray(5), shapleyValues(ensemble, matrix, 0))).toBeLessThan(1e-13);
        const nothing = ensemble.trees.reduce((sum, tree) => sum + expectationKnowing(0, tree, matrix, 0), 0);
        expect(base).toBeCloseTo(nothing, 13);
      }),
      { seed: 23, numRuns: 100 },
    );
  });

  it('computes by the kernel what the plain twin does, rows in more than one portion included', () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(1, 3, 64, 70), (seed, count) => {
        const random = seededRandom(seed);
        const shape = { trees: 4, leaves: 60, width: 9, categorical: true };
        const ensemble = randomEnsemble(random, shape);
        const matrix = randomRows(random, count, shape);
        const plain = new Float64Array(count * shape.width);
        ensemble.trees.forEach((tree, index) => {
          if (tree.leaves === 1) return;
          const shap = new PlainShap(tree, treeEdges(tree, index));
          for (const row of all(matrix)) shap.add(matrix, row, plain.subarray(row * 9, row * 9 + 9));
        });
        const { values } = new TreeShap(ensemble).explain(matrix, all(matrix));
        expect(largestDifference(values, plain)).toBeLessThan(1e-14);
      }),
      { seed: 31, numRuns: 40 },
    );
  });

  it('adds up to the score in deep trees of many features', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = seededRandom(seed);
        const shape = { trees: 6, leaves: 400, width: 60, categorical: true, thresholds: 500 };
        const ensemble = randomEnsemble(random, shape);
        const matrix = randomRows(random, 4, shape);
        const { base, values } = new TreeShap(ensemble).explain(matrix, all(matrix));
        const sums = all(matrix).map((row) => values.subarray(row * 60, (row + 1) * 60).reduce((a, b) => a + b, base));
        expect(largestDifference(sums, new TreeScorer(ensemble).score(matrix))).toBeLessThan(1e-12);
      }),
      { seed: 29, numRuns: 20 },
    );
  });

  it('shares what a chain of 30 equal features brings equally among them', () => {
    const features = 30;
    const ensemble = chain(features);
    const through = { rows: 1, width: features, values: new Float32Array(features).fill(1) };
    const { base, values } = new TreeShap(ensemble).explain(through, [0]);
    expect(base).toBe(2 ** -features);
    for (const value of values) expect(value).toBeCloseTo((1 - 2 ** -features) / features, 15);
  });

  it('explains nothing of an ensemble of lone leaves but its base', () => {
    const ensemble = randomEnsemble(seededRandom(3), { trees: 3, leaves: 1, width: 2 });
    const { base, values } = new TreeShap(ensemble).explain({ rows: 1, width: 2, values: new Float32Array(2) }, [0]);
    expect([...values]).toEqual([0, 0]);
    expect(base).toBe(ensemble.trees.reduce((sum, { leafValue }) => sum + leafValue[0]!, 0));
  });

  it('refuses splits without rows, rows that there are not, and a narrow matrix', () => {
    const ensemble = randomEnsemble(seededRandom(1), { trees: 1, leaves: 4, width: 3, exact: true });
    const shap = new TreeShap(ensemble);
    const matrix = { rows: 1, width: 3, values: new Float32Array(3) };
    expect(() => shap.explain(matrix, [1])).toThrow("row 1 of a matrix of 1 rows can't be explained");
    expect(() => shap.explain({ ...matrix, width: 2 }, [0])).toThrow('got a matrix of 2 columns');
    ensemble.trees[0]!.splitCount[1] = 0;
    expect(() => new TreeShap(ensemble)).toThrow(
      expect.objectContaining({
        code: 'RANKER_CORRUPT',
        message: 'tree 0: expected rows in internal_count of split 1, found 0',
      }),
    );
  });
});

/** Each feature in turn lets half of the rows through; who gets through all of them has 1, others 0. */
function chain(features: number): TreeEnsemble {
  const ensemble = randomEnsemble(seededRandom(1), { trees: 1, leaves: features + 1, width: features, exact: true });
  const tree = ensemble.trees[0]!;
  for (let split = 0; split < features; split++) {
    tree.feature[split] = split;
    tree.threshold[split] = 0.5;
    tree.left[split] = ~split;
    tree.right[split] = split + 1 < features ? split + 1 : ~features;
    tree.splitCount[split] = 2 ** (features - split);
    tree.leafCount[split] = 2 ** (features - split - 1);
    tree.leafValue[split] = 0;
  }
  tree.leafCount[features] = 1;
  tree.leafValue[features] = 1;
  return ensemble;
}
