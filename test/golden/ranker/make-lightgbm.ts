/**
 * Makes lightgbm.json, the NDCG@10 that LightGBM reaches on a seeded set, which `fit-ranker.test.ts` holds ours against.
 * node --require ./test/support/register-swc.cjs test/golden/ranker/make-lightgbm.ts PYTHON
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fitRival, removeRivalFiles, writeRivalFiles } from '../../support/ranker-files.js';
import { utilityWorld } from '../../support/ranker-world.js';

const shape = { train: 600, test: 600, rows: 50, trainSeed: 21, testSeed: 22, trees: 40 } as const;

const train = utilityWorld(shape.train, shape.rows, shape.trainSeed);
const test = utilityWorld(shape.test, shape.rows, shape.testSeed);
const folder = writeRivalFiles({ train, test });
const { ndcg } = fitRival(process.argv[2]!, folder, { threads: 1, trees: shape.trees });
removeRivalFiles(folder);
writeFileSync(join(__dirname, 'lightgbm.json'), `${JSON.stringify({ ...shape, ndcg }, null, 2)}\n`);
