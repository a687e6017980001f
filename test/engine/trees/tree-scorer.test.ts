import fc from 'fast-check';
import { seededRandom } from '../../../src/math/random.js';
import { CompiledScorer } from '../../../src/engine/trees/compiled-scorer.js';
import { addPlainScores } from '../../../src/engine/trees/plain-scorer.js';
import { readLightgbm } from '../../../src/engine/trees/read-lightgbm.js';
import { isLayable } from '../../../src/engine/trees/scorer-layout.js';
import { type FeatureMatrix, type TreeEnsemble } from '../../../src/engine/trees/tree-ensemble.js';
import { TreeScorer } from '../../../src/engine/trees/tree-scorer.js';
import { GOLDEN_NAMES, largestDifference, lightgbmGolden } from '../../support/lightgbm-golden.js';
import { randomEnsemble, randomRows, type TreeShape } from '../../support/random-trees.js';

function plainScores(ensemble: TreeEnsemble, matrix: FeatureMatrix): Float64Array {
  const scores = new Float64Array(matrix.rows);
  addPlainScores(ensemble, matrix, scores);
  return scores;
}

describe('TreeScorer', () => {
  it.each(GOLDEN_NAMES)('scores %s as LightGBM does', (name) => {
    const { text, rows, raw } = lightgbmGolden(name);
    const scores = new TreeScorer(readLightgbm(text)).score(rows);
    expect(largestDifference(scores, raw)).toBeLessThanOrEqual(name === 'linear' ? 1e-6 : 0);
  });

  it('compiles all but categorical splits, linear leaves and more than 256 leaves', () => {
    const plain = GOLDEN_NAMES.filter((name) => !isLayable(readLightgbm(lightgbmGolden(name).text)));
    expect(plain).toEqual(['categorical', 'linear', 'most-leaves']);
  });

  it.each<[string, TreeShape]>([
    ['small trees', { trees: 20, leaves: 8, width: 3 }],
    ['trees as in practice', { trees: 40, leaves: 47, width: 12 }],
    ['the most leaves', { trees: 3, leaves: 256, width: 6, exact: true }],
    ['more thresholds a feature than a rank can tell apart', { trees: 30, leaves: 200, width: 2, thresholds: 3000 }],
    ['lone leaves', { trees: 4, leaves: 1, width: 2 }],
    ['no trees', { trees: 0, leaves: 1, width: 2 }],
  ])('scores by the kernel as by walking, to the bit: %s', (_, shape) => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom(1, 3, 16, 17, 40),
        fc.constantFrom(1, 16, 4096),
        (seed, rows, blockBytes) => {
          const random = seededRandom(seed);
          const ensemble = randomEnsemble(random, shape);
          const matrix = randomRows(random, rows, shape);
          const scores = new Float64Array(rows);
          new CompiledScorer(ensemble, blockBytes).addScores(matrix, scores);
          expect(scores).toEqual(plainScores(ensemble, matrix));
        },
      ),
      { seed: 17, numRuns: 40 },
    );
  });

  it('scores batches of any size one after the other', () => {
    const random = seededRandom(9);
    const shape = { trees: 30, leaves: 31, width: 7 };
    const ensemble = randomEnsemble(random, shape);
    const scorer = new TreeScorer(ensemble);
    for (const rows of [600, 1, 0, 512, 513, 2000, 15]) {
      const matrix = randomRows(random, rows, shape);
      expect(scorer.score(matrix)).toEqual(plainScores(ensemble, matrix));
    }
  });

  it('does not look at columns behind its own', () => {
    const random = seededRandom(10);
    const shape = { trees: 10, leaves: 15, width: 4 };
    const ensemble = randomEnsemble(random, shape);
    const { rows, values } = randomRows(random, 20, shape);
    const wider = { rows, width: 6, values: Float32Array.of(...values, ...new Float32Array(40).fill(NaN)) };
    expect(new TreeScorer(ensemble).score(wider)).toEqual(plainScores(ensemble, { rows, width: 4, values }));
  });

  it('refuses a narrower matrix, one with too few values, and a damaged ensemble', () => {
    const ensemble = randomEnsemble(seededRandom(1), { trees: 1, leaves: 4, width: 3, exact: true });
    const scorer = new TreeScorer(ensemble);
    expect(() => scorer.score({ rows: 2, width: 2, values: new Float32Array(4) })).toThrow(
      'an ensemble of 3 features got a matrix of 2 columns',
    );
    expect(() => scorer.score({ rows: 2, width: 3, values: new Float32Array(4) })).toThrow(
      'a matrix of 2 rows and 3 columns has 4 values',
    );
    ensemble.trees[0]!.feature[0] = 3;
    expect(() => new TreeScorer(ensemble)).toThrow(expect.objectContaining({ code: 'RANKER_CORRUPT' }));
  });
});
