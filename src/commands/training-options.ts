/** What the commands that train have in common: their options, and the parts that a training works with. */
import { join } from 'node:path';
import { type Command } from 'commander';
import { type Config } from '../config.js';
import { MemoryUserRecords } from '../profiles/memory-user-records.js';
import { AlsWorkers } from '../training/als/als-workers.js';
import { MOST_ROWS } from '../training/ranker/ranker-rows.js';
import { DEFAULT_RANKER_SETTINGS } from '../training/ranker/ranker-settings.js';
import { RankerWorkers } from '../training/ranker/ranker-workers.js';
import { type TrainOptions } from '../training/train-options.js';
import { demoBaselines } from './demo-oracle.js';
import { openEvents } from './events-option.js';
import { endedBy, interruptible } from './interruptible.js';
import { CommandError, numberOf } from './options.js';
import { openSnapshots } from './snapshots.js';
import { stageProgress } from './stage-progress.js';

export interface TrainingCommandOptions {
  readonly data?: string;
  readonly clicks?: readonly string[];
  readonly format: string;
  readonly snapshots?: string;
  readonly queries: string;
  readonly rankerQueries: string;
  readonly negatives: string;
  readonly learningCurve?: boolean;
  readonly searchMinutes: string;
  readonly workers: string;
  readonly seed: string;
}

/** The last fit takes in the lists of the gate's slice too: half as many again, or fewer. */
const REFIT_PART = 1.5;

export function addTrainingOptions(command: Command): Command {
  return command
    .option('--data <folder>', 'data folder (default: RECOGRAPH_DATA, else ./data)')
    .option('--clicks <file...>', 'files of interactions to train on (default: the log of the data folder)')
    .option('--format <format>', 'format of the files: csv, parquet, jsonl, globo or archive', 'globo')
    .option(
      '--snapshots <folder>',
      'folder of snapshots (default: RECOGRAPH_SNAPSHOTS, else snapshots within the data folder)',
    )
    .option('--queries <number>', 'lists that weights are fitted to, and as many that all is judged by', '6000')
    .option('--ranker-queries <number>', 'lists that the ranker learns from; 0: no ranker', '60000')
    .option('--negatives <number>', 'items of each of these lists that were not clicked', '30')
    .option('--search-minutes <number>', 'most time to search settings of the factorisation, the first time', '3')
    .option('--workers <number>', 'threads that fit', '2')
    .option('--seed <number>', 'of samples, fits and intervals', '1');
}

/**
 * Opens what a training needs, runs it with progress on the terminal until it is done or a signal comes, and closes all.
 * @throws CommandError, ImportError, LogUnavailableError
 */
export async function withTraining<Result>(
  config: Config,
  options: TrainingCommandOptions,
  until: number | null,
  run: (options: TrainOptions) => Promise<Result>,
): Promise<Result> {
  const queries = numberOf('--queries', options.queries, { least: 100, most: 1_000_000 });
  const rankerQueries = numberOf('--ranker-queries', options.rankerQueries, { least: 0, most: 10_000_000 });
  const negatives = numberOf('--negatives', options.negatives, { least: 1, most: 199 });
  const rows = rankerQueries * (negatives + 1) * REFIT_PART;
  if (rows > MOST_ROWS) {
    const most = Math.floor(MOST_ROWS / (negatives + 1) / REFIT_PART);
    throw new CommandError(
      'BAD_OPTION',
      `--ranker-queries is "${rankerQueries}"; with ${negatives} negatives each ${most} are the most`,
    );
  }
  const minutes = numberOf('--search-minutes', options.searchMinutes, { least: 0, most: 1_440 });
  const seed = numberOf('--seed', options.seed, { least: 0, most: 2 ** 31 });
  const threads = numberOf('--workers', options.workers, { least: 1, most: 64 });
  const progress = stageProgress(process.stdout);
  const { source, close } = await openEvents(config, options);
  const workers = new AlsWorkers(threads);
  const rankerWorkers = new RankerWorkers(threads);
  try {
    return await interruptible(async (signal) =>
      run({
        source: endedBy(signal, source),
        signal,
        until,
        queries,
        seed,
        workers,
        rankerWorkers,
        ranker: {
          queries: rankerQueries,
          negatives,
          settings: DEFAULT_RANKER_SETTINGS,
          learningCurve: options.learningCurve === true,
        },
        workFolder: join(config.dataFolder, 'training'),
        searchMs: minutes * 60_000,
        settings: config.state,
        records: new MemoryUserRecords(),
        store: openSnapshots(config, options.snapshots),
        scenario: config.scenarios.find(({ name }) => name === 'default')!,
        now: Date.now,
        clock: () => performance.now(),
        baselines: options.clicks === undefined ? await demoBaselines(config) : [],
        onStage: (text) => progress.update(text),
        onProblem: (message) => process.stderr.write(`${message}\n`),
      }),
    );
  } finally {
    progress.stop();
    await close();
    await workers.close();
    await rankerWorkers.close();
  }
}
