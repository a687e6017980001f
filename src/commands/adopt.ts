/** `recograph adopt`: a ranker that was fitted elsewhere becomes part of a snapshot. */
import { readFile } from 'node:fs/promises';
import { type Command } from 'commander';
import { type Config } from '../config.js';
import { featuresOf } from '../engine/features/featurize.js';
import { snapshotFiles, snapshotOf } from '../engine/snapshot-files.js';
import { checkFeatures } from '../engine/trees/check-features.js';
import { readLightgbm } from '../engine/trees/read-lightgbm.js';
import { timeOf } from './options.js';
import { openSnapshots } from './snapshots.js';

interface AdoptOptions {
  readonly data?: string;
  readonly snapshots?: string;
  readonly until?: string;
}

/** Adds the command to the program. */
export function adoptCommand(program: Command, configOf: (options: { readonly data?: string }) => Config): void {
  program
    .command('adopt <ranker>')
    .description('takes a ranker in LightGBM’s text format into use, beside the weights and factors that are')
    .option('--data <folder>', 'data folder (default: RECOGRAPH_DATA, else ./data)')
    .option(
      '--snapshots <folder>',
      'folder of snapshots (default: RECOGRAPH_SNAPSHOTS, else snapshots within the data folder)',
    )
    .option('--until <time>', 'end of the data that it was fitted to, UTC (default: now)')
    .action(async (ranker: string, options: AdoptOptions) => {
      for (const line of await adopt(configOf(options), ranker, options)) process.stdout.write(`${line}\n`);
    });
}

/**
 * Checks the model and publishes a snapshot with it, which becomes LATEST: nobody has judged it, and the manifest says so.
 * @throws RankerError where it can't be read, or asks for features that there are not; SnapshotError
 */
async function adopt(config: Config, path: string, { snapshots, until }: AdoptOptions): Promise<readonly string[]> {
  const ranker = readLightgbm(await readFile(path, 'utf8'));
  checkFeatures(
    ranker,
    featuresOf(config.state).map(({ name }) => name),
  );
  const store = openSnapshots(config, snapshots);
  const latest = await store.latest();
  const current = await store.current();
  const artifacts = current === null ? null : await store.read(current);
  const inUse = artifacts === null ? null : snapshotOf(artifacts);
  const known = until === undefined ? Date.now() : timeOf('--until', until);
  const manifest = await store.publish({
    createdAt: Date.now(),
    dataFrom: artifacts?.manifest.dataFrom ?? known,
    dataUntil: Math.max(known, inUse?.dataUntil ?? known),
    parameters: {
      ...artifacts?.manifest.parameters,
      ranker: { adopted: true, objective: ranker.objective, trees: ranker.trees.length },
    },
    metrics: {},
    gate: { accepted: true, reason: 'its ranker was adopted by hand; nothing was judged' },
    files: snapshotFiles({ weights: inUse?.weights ?? null, als: inUse?.als?.parts ?? null, ranker }),
  });
  const { length } = ranker.trees;
  const what = `${length} trees over ${ranker.featureNames.length} features`;
  return (await store.moveLatest(latest, manifest.id))
    ? [
        `snapshot ${manifest.id} is LATEST: ${what}, with the weights and factors of ${current ?? 'none'}`,
        'It has not been judged: `recograph evaluate` over later clicks does that, `recograph snapshots rollback` takes it back.',
      ]
    : [`snapshot ${manifest.id} is not LATEST: another one was published meanwhile`];
}
