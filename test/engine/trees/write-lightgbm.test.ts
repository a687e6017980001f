import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { seededRandom } from '../../../src/math/random.js';
import { addPlainScores } from '../../../src/engine/trees/plain-scorer.js';
import { readLightgbm } from '../../../src/engine/trees/read-lightgbm.js';
import { type TreeEnsemble } from '../../../src/engine/trees/tree-ensemble.js';
import { writeLightgbm } from '../../../src/engine/trees/write-lightgbm.js';
import { GOLDEN_NAMES, largestDifference, lightgbmGolden } from '../../support/lightgbm-golden.js';
import { randomEnsemble, randomRows } from '../../support/random-trees.js';

/** Scores the rows of each model on standard input with LightGBM; numbers travel as text, for JSON has no infinity. */
const PREDICT = `
import json, sys, numpy as np, lightgbm as lgb
answers = []
for model, rows in json.load(sys.stdin):
    values = np.array([[float(value) for value in row] for row in rows])
    booster = lgb.Booster(model_str=model)
    answers.append([repr(float(value)) for value in booster.predict(values, raw_score=True, num_threads=1)])
print(json.dumps(answers))
`;

const HAS_LIGHTGBM = spawnSync('python3', ['-c', 'import lightgbm'], { stdio: 'ignore' }).status === 0;
const WITH_LIGHTGBM = HAS_LIGHTGBM ? it : it.skip;

describe('writeLightgbm', () => {
  it.each(GOLDEN_NAMES)('writes %s so that reading gives the very model back', (name) => {
    const ensemble = readLightgbm(lightgbmGolden(name).text);
    const text = writeLightgbm(ensemble);
    expect(readLightgbm(text)).toEqual(ensemble);
    expect(writeLightgbm(readLightgbm(text))).toBe(text);
  });

  it('writes the importances that LightGBM writes', () => {
    const section = (text: string): string => /^feature_importances:\n([^]*?)\n\n/m.exec(text)![1]!;
    for (const name of ['numerical', 'categorical', 'deep', 'stumps']) {
      const { text } = lightgbmGolden(name);
      expect(section(writeLightgbm(readLightgbm(text)))).toBe(section(text));
    }
  });

  it('keeps every double of random ensembles through writing and reading', () => {
    fc.assert(
      fc.property(fc.nat(), fc.boolean(), fc.boolean(), (seed, categorical, linear) => {
        const ensemble = randomEnsemble(seededRandom(seed), { trees: 4, leaves: 12, width: 5, categorical, linear });
        expect(readLightgbm(writeLightgbm(ensemble))).toEqual(ensemble);
      }),
      { seed: 11, numRuns: 60 },
    );
  });

  it('writes an ensemble without trees', () => {
    const none = randomEnsemble(seededRandom(1), { trees: 0, leaves: 1, width: 2 });
    expect(readLightgbm(writeLightgbm(none))).toEqual(none);
  });

  it('refuses a name that the format would split, and a tree that could not be read back', () => {
    const ensemble = randomEnsemble(seededRandom(1), { trees: 1, leaves: 8, width: 2, exact: true });
    const spaced: TreeEnsemble = { ...ensemble, featureNames: ['two words', 'one'] };
    expect(() => writeLightgbm(spaced)).toThrow(
      expect.objectContaining({
        code: 'RANKER_FEATURES',
        message: 'expected feature names and ranges without white space, found "two words"',
      }),
    );
    ensemble.trees[0]!.leafValue[2] = NaN;
    expect(() => writeLightgbm(ensemble)).toThrow(
      expect.objectContaining({
        code: 'RANKER_CORRUPT',
        message: 'tree 0: expected finite numbers in leaf_value, found NaN at place 2',
      }),
    );
  });

  WITH_LIGHTGBM(
    `is read by LightGBM, which predicts the same${HAS_LIGHTGBM ? '' : ' (python3 has no lightgbm here)'}`,
    () => {
      const random = seededRandom(5);
      const shapes = [
        { trees: 10, leaves: 31, width: 6 },
        { trees: 10, leaves: 31, width: 6, categorical: true },
        { trees: 5, leaves: 9, width: 6, linear: true },
        { trees: 3, leaves: 1, width: 2 },
        { trees: 0, leaves: 1, width: 2 },
      ];
      const drawn = shapes.map((shape) => ({
        ensemble: randomEnsemble(random, shape),
        rows: randomRows(random, 40, shape),
      }));
      const known = GOLDEN_NAMES.map(lightgbmGolden).map(({ text, rows }) => ({ ensemble: readLightgbm(text), rows }));
      const cases = [...drawn, ...known];
      const asked = cases.map(({ ensemble, rows: { rows, width, values } }) => [
        writeLightgbm(ensemble),
        Array.from({ length: rows }, (_, row) =>
          Array.from({ length: width }, (__, feature) =>
            String(values[feature * rows + row]).replace('Infinity', 'inf'),
          ),
        ),
      ]);
      const { stdout, stderr } = spawnSync('python3', ['-c', PREDICT], {
        input: JSON.stringify(asked),
        encoding: 'utf8',
      });
      expect(stderr).toBe('');
      const answers = JSON.parse(stdout) as string[][];
      cases.forEach(({ ensemble, rows }, at) => {
        const scores = new Float64Array(rows.rows);
        addPlainScores(ensemble, rows, scores);
        const linear = ensemble.trees.some((tree) => tree.linear !== null);
        const special = { nan: NaN, inf: Infinity, '-inf': -Infinity };
        const theirs = answers[at]!.map((text) => special[text as keyof typeof special] ?? Number(text));
        expect(largestDifference(scores, theirs)).toBeLessThanOrEqual(linear ? 1e-6 : 0);
      });
    },
  );
});
