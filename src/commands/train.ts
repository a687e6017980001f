/** `recograph train`: fits what needs a fit, judges it, and makes it the snapshot in use if it is better. */
import { type Command } from 'commander';
import { type Config } from '../config.js';
import { MOMENTS } from '../engine/blend-weights.js';
import { MemoryUserRecords } from '../profiles/memory-user-records.js';
import { AlsWorkers } from '../training/als/als-workers.js';
import { type Trained, train } from '../training/train.js';
import { demoBaselines } from './demo-oracle.js';
import { openEvents } from './events-option.js';
import { numberOf, timeOf } from './options.js';
import { openSnapshots } from './snapshots.js';
import { stageProgress } from './stage-progress.js';

interface TrainCommandOptions {
  readonly data?: string;
  readonly clicks?: readonly string[];
  readonly format: string;
  readonly to?: string;
  readonly snapshots?: string;
  readonly queries: string;
  readonly searchMinutes: string;
  readonly workers: string;
  readonly seed: string;
}

/** Adds the command to the program. */
export function trainCommand(program: Command, configOf: (options: { readonly data?: string }) => Config): void {
  program
    .command('train')
    .description('fits factors and weights to the log or to files, and publishes them as a snapshot if they are better')
    .option('--data <folder>', 'data folder (default: RECOGRAPH_DATA, else ./data)')
    .option('--clicks <file...>', 'files of interactions to train on (default: the log of the data folder)')
    .option('--format <format>', 'format of the files: csv, parquet, jsonl, globo or archive', 'globo')
    .option('--to <time>', 'end of the data, itself not among them, UTC (default: all)')
    .option('--snapshots <folder>', 'folder of the snapshots (default: snapshots within the data folder)')
    .option('--queries <number>', 'lists that weights are fitted to, and as many that they are judged by', '6000')
    .option('--search-minutes <number>', 'most time to search settings of the factorisation, the first time', '3')
    .option('--workers <number>', 'threads that fit factors', '2')
    .option('--seed <number>', 'of samples, fits and intervals', '1')
    .action((options: TrainCommandOptions) => runTrain(configOf(options), options));
}

async function runTrain(config: Config, options: TrainCommandOptions): Promise<void> {
  const until = options.to === undefined ? null : timeOf('--to', options.to);
  const queries = numberOf('--queries', options.queries, { least: 100, most: 1_000_000 });
  const minutes = numberOf('--search-minutes', options.searchMinutes, { least: 0, most: 1_440 });
  const seed = numberOf('--seed', options.seed, { least: 0, most: 2 ** 31 });
  const threads = numberOf('--workers', options.workers, { least: 1, most: 64 });
  const progress = stageProgress(process.stdout);
  const { source, close } = await openEvents(config, options);
  const workers = new AlsWorkers(threads);
  try {
    const trained = await train({
      source,
      until,
      queries,
      seed,
      workers,
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
    });
    progress.stop();
    for (const line of trainedLines(trained)) process.stdout.write(`${line}\n`);
  } finally {
    progress.stop();
    await close();
    await workers.close();
  }
}

function trainedLines({ manifest, gate, weights, slices, published }: Trained): string[] {
  const time = (at: number): string => new Date(at).toISOString();
  const lines = [
    `weights fitted on ${time(slices.fitFrom)} to ${time(slices.gateFrom)}, judged on ${gate.queries} lists up to ${time(slices.until)}`,
    `  HR@10 ${gate.candidate.hr.toFixed(4)}, NDCG@10 ${gate.candidate.ndcg.toFixed(4)}`,
    ...Object.entries(gate.baselines).map(([name, hr]) => `  HR@10 of ${name} ${hr.toFixed(4)}`),
  ];
  for (const moment of MOMENTS) {
    const parts = Object.entries(weights[moment].sources).filter(([, weight]) => weight > 0);
    lines.push(`  ${moment}: ${parts.map(([name, weight]) => `${name} ${weight.toFixed(3)}`).join(', ')}`);
  }
  const { id, gate: outcome } = manifest;
  lines.push(
    published
      ? `snapshot ${id} is LATEST: ${outcome.reason}`
      : outcome.accepted
        ? `snapshot ${id} is not LATEST: another one was published meanwhile`
        : `snapshot ${id} is kept and not used: ${outcome.reason}`,
  );
  return lines;
}
