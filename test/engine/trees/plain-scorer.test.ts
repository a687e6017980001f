import { addPlainScores } from '../../../src/engine/trees/plain-scorer.js';
import { readLightgbm } from '../../../src/engine/trees/read-lightgbm.js';
import { GOLDEN_NAMES, largestDifference, lightgbmGolden } from '../../support/lightgbm-golden.js';

describe('addPlainScores', () => {
  it.each(GOLDEN_NAMES)('scores %s as LightGBM does, to the bit where leaves are constant', (name) => {
    const { text, rows, raw } = lightgbmGolden(name);
    const ensemble = readLightgbm(text);
    const scores = new Float64Array(rows.rows);
    addPlainScores(ensemble, rows, scores);
    expect(largestDifference(scores, raw)).toBeLessThanOrEqual(ensemble.trees[0]!.linear === null ? 0 : 1e-6);
  });
});
