/**
 * Scores and contributions of random ensembles: median, least and most milliseconds of the compiled kernel and of the walk in
 * TypeScript, which take turns, for batches of several sizes; and of explaining 10 rows. With FOLDER, of the model in
 * FOLDER/model.txt on the rows in FOLDER/rows.f32 (column by column, float32) instead.
 * node --require ./test/support/register-swc.cjs test/bench/trees.bench.ts [TREES] [LEAVES] [FEATURES] [FOLDER]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../../src/math/random.js';
import { CompiledScorer } from '../../src/engine/trees/compiled-scorer.js';
import { addPlainScores } from '../../src/engine/trees/plain-scorer.js';
import { readLightgbm } from '../../src/engine/trees/read-lightgbm.js';
import { type FeatureMatrix, type TreeEnsemble } from '../../src/engine/trees/tree-ensemble.js';
import { TreeShap } from '../../src/engine/trees/tree-shap.js';
import { randomEnsemble, randomRows } from '../support/random-trees.js';

const ROUNDS = 101;
const WARM_UP = 20;
const BATCHES = [1, 10, 100, 500];
const EXPLAINED = 10;

function summary(values: number[]): string {
  values.sort((a, b) => a - b);
  const [least, median, most] = [values[0]!, values[values.length >> 1]!, values.at(-1)!].map((ms) => ms.toFixed(3));
  return `median ${median} ms, ${least} to ${most} ms`;
}

function firstRows({ rows, width, values }: FeatureMatrix, count: number): FeatureMatrix {
  const some = new Float32Array(count * width);
  for (let feature = 0; feature < width; feature++) {
    some.set(values.subarray(feature * rows, feature * rows + count), feature * count);
  }
  return { rows: count, width, values: some };
}

function modelOf(folder: string): { ensemble: TreeEnsemble; matrix: FeatureMatrix } {
  const ensemble = readLightgbm(readFileSync(join(folder, 'model.txt'), 'utf8'));
  const values = new Float32Array(new Uint8Array(readFileSync(join(folder, 'rows.f32'))).buffer);
  const width = ensemble.featureNames.length;
  return { ensemble, matrix: { rows: values.length / width, width, values } };
}

function randomModel(trees: number, leaves: number, width: number): { ensemble: TreeEnsemble; matrix: FeatureMatrix } {
  const random = seededRandom(1);
  const shape = { trees, leaves, width, thresholds: 254, exact: true };
  return { ensemble: randomEnsemble(random, shape), matrix: randomRows(random, BATCHES.at(-1)!, shape) };
}

function main(trees = '300', leaves = '47', width = '64', folder?: string): void {
  const { ensemble, matrix } =
    folder === undefined ? randomModel(Number(trees), Number(leaves), Number(width)) : modelOf(folder);
  const compiled = new CompiledScorer(ensemble);
  const ways: Record<string, (matrix: FeatureMatrix, scores: Float64Array) => void> = {
    kernel: (rows, scores) => compiled.addScores(rows, scores),
    plain: (rows, scores) => addPlainScores(ensemble, rows, scores),
  };
  console.log(`${ensemble.trees.length} trees of ${ensemble.trees[0]!.leaves} leaves, ${matrix.width} features`);
  for (const count of BATCHES) {
    const rows = firstRows(matrix, count);
    const times = new Map(Object.keys(ways).map((name) => [name, [] as number[]]));
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      for (const [name, addScores] of Object.entries(ways)) {
        const scores = new Float64Array(count);
        const from = performance.now();
        addScores(rows, scores);
        if (round >= WARM_UP) times.get(name)!.push(performance.now() - from);
      }
    }
    for (const [name, values] of times) console.log(`${count} rows, ${name}: ${summary(values)}`);
  }
  const shap = new TreeShap(ensemble);
  const asked = Array.from({ length: EXPLAINED }, (_, row) => row);
  const explaining: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    const from = performance.now();
    shap.explain(matrix, asked);
    if (round >= WARM_UP) explaining.push(performance.now() - from);
  }
  console.log(`contributions of ${EXPLAINED} rows: ${summary(explaining)}`);
}

main(...process.argv.slice(2));
