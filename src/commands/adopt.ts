/** `recograph adopt`: a ranker that was fitted elsewhere becomes part of a snapshot. */
import { readFile } from 'node:fs/promises';
import { type Command } from 'commander';
import { type Config } from '../config.js';
import { featuresOf } from '../engine/features/featurize.js';
import { RankerModel } from '../engine/ranker-model.js';
import { type Snapshot } from '../engine/snapshot.js';
import { snapshotFiles, snapshotOf } from '../engine/snapshot-files.js';
import { checkFeatures } from '../engine/trees/check-features.js';
import { RankerError } from '../engine/trees/ranker-error.js';
import { readLightgbm } from '../engine/trees/read-lightgbm.js';
import { type TreeEnsemble } from '../engine/trees/tree-ensemble.js';
import { mustBeReadable } from '../datasets/import/must-be-readable.js';
import { CommandError, timeOf } from './options.js';
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
    .option(
      '--until <time>',
      'end of the data that it was fitted to, UTC (default: that of the snapshot in use, else now)',
    )
    .action(async (ranker: string, options: AdoptOptions) => {
      for (const line of await adopt(configOf(options), ranker, options)) process.stdout.write(`${line}\n`);
    });
}

/**
 * Checks the model and publishes a snapshot with it, which becomes LATEST: nobody has judged it, and the manifest says so.
 * @throws RankerError where it can't be read, or asks for features that there are not; SnapshotError
 */
async function adopt(config: Config, path: string, { snapshots, until }: AdoptOptions): Promise<readonly string[]> {
  await mustBeReadable(path);
  const ranker = readLightgbm(await readFile(path, 'utf8'));
  checkRanker(
    ranker,
    featuresOf(config.state).map(({ name }) => name),
  );
  const store = openSnapshots(config, snapshots);
  const latest = await store.latest();
  const current = await store.current();
  const artifacts = current === null ? null : await store.read(current);
  const inUse = artifacts === null ? null : snapshotOf(artifacts);
  const known = knownUntil(until, inUse, Date.now());
  const manifest = await store.publish({
    createdAt: Date.now(),
    dataFrom: artifacts?.manifest.dataFrom ?? known,
    dataUntil: known,
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
        `It is taken to know data until ${new Date(known).toISOString()}; --until says otherwise.`,
        'It has not been judged: `recograph evaluate` over later clicks does that, `recograph snapshots rollback` takes it back.',
      ]
    : [`snapshot ${manifest.id} is not LATEST: another one was published meanwhile`];
}

/** @throws RankerError where the model asks for features that there are not, has no split, or can't say why */
function checkRanker(ranker: TreeEnsemble, knownNames: readonly string[]): void {
  checkFeatures(ranker, knownNames);
  if (ranker.trees.every(({ leaves }) => leaves === 1)) {
    throw new RankerError('RANKER_FOREIGN', 'the model has no split, so all scores would be equal');
  }
  // Models of linear leaves rank all the same; whatever else has no counts was cut short.
  if (ranker.trees.every(({ linear }) => linear === null)) new RankerModel(ranker).prepareToExplain();
}

/** Never before what the weights and factors beside it know. @throws CommandError BAD_OPTION for a time yet to come */
function knownUntil(until: string | undefined, inUse: Snapshot | null, now: number): number {
  const given = until === undefined ? (inUse?.dataUntil ?? now) : timeOf('--until', until);
  if (given > now) throw new CommandError('BAD_OPTION', `--until is "${until}"; that time is yet to come`);
  return Math.max(given, inUse?.dataUntil ?? given);
}
