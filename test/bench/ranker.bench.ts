/**
 * Milliseconds of a ranking tree, where they go, and the NDCG@10 of later queries: 3,000 queries of 100 rows, 24 features,
 * 31 leaves, one worker and two. With a Python that has lightgbm as third argument, LightGBM takes turns with it on the
 * same rows.
 * node --require ./test/support/register-swc.cjs test/bench/ranker.bench.ts [TREES] [TURNS] [PYTHON]
 */
import { fitRanker } from '../../src/training/ranker/fit-ranker.js';
import { RankerWorkers } from '../../src/training/ranker/ranker-workers.js';
import { fitRival, removeRivalFiles, type RivalFit, writeRivalFiles } from '../support/ranker-files.js';
import { ndcgOf, PLAIN_SETTINGS, scoresOf, utilityWorld } from '../support/ranker-world.js';

const ROWS = 100;
const QUERIES = { train: 3_000, test: 1_000 };
const THREADS = [1, 2];

const sets = { train: utilityWorld(QUERIES.train, ROWS, 11), test: utilityWorld(QUERIES.test, ROWS, 12) };

async function ours(threads: number, trees: number): Promise<RivalFit> {
  const workers = new RankerWorkers(threads);
  const at: number[] = [];
  const settings = { ...PLAIN_SETTINGS, trees };
  const onProgress = (): void => void at.push(performance.now());
  const { ensemble, timing } = await fitRanker(sets.train, null, settings, { workers, onProgress });
  await workers.close();
  const { binMs, treesMs, ...phases } = timing;
  const share = ([phase, ms]: [string, number]): string => `${phase} ${(ms / trees / threads).toFixed(1)}`;
  console.log(`  ${threads} workers, ms a tree and worker: ${Object.entries(phases).map(share).join(', ')}`);
  const ndcg = ndcgOf(sets.test, scoresOf(ensemble, sets.test));
  return { bin: binMs, trees: at.slice(1).map((time, tree) => time - at[tree]!), ndcg };
}

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(share * (values.length - 1))]!;

async function main(trees = '60', turns = '3', python?: string): Promise<void> {
  const folder = writeRivalFiles(sets);
  const found = new Map<string, RivalFit[]>();
  for (let turn = 0; turn < Number(turns); turn++)
    for (const threads of THREADS) {
      const add = (name: string, result: RivalFit): void => {
        found.set(name, [...(found.get(name) ?? []), result]);
      };
      add(`ours ${threads}`, await ours(threads, Number(trees)));
      if (python !== undefined) add(`LightGBM ${threads}`, fitRival(python, folder, { threads, trees: Number(trees) }));
    }
  removeRivalFiles(folder);
  const medians = new Map<string, number>();
  for (const [name, results] of found) {
    const ms = results.flatMap((result) => result.trees);
    medians.set(name, quantile(ms, 0.5));
    const spread = `${quantile(ms, 0.1).toFixed(1)} to ${quantile(ms, 0.9).toFixed(1)}`;
    const binning = quantile(results.map(({ bin }) => bin), 0.5).toFixed(0); // prettier-ignore
    console.log(
      `${name}: ${quantile(ms, 0.5).toFixed(1)} ms a tree (${spread}), bins ${binning} ms, NDCG@10 ${results[0]!.ndcg.toFixed(4)}`,
    );
  }
  if (python === undefined) return;
  for (const threads of THREADS) {
    const ratio = medians.get(`ours ${threads}`)! / medians.get(`LightGBM ${threads}`)!;
    console.log(`${threads} threads: ${ratio.toFixed(2)} x LightGBM's time`);
  }
}

void main(...process.argv.slice(2));
