/** `recograph evaluate`: how good the engine's lists are, by replay of files of clicks or of the server's own log. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command } from 'commander';
import { type Config } from '../config.js';
import { clickFiles } from '../datasets/click-files.js';
import { checkFormat } from '../datasets/import/formats.js';
import { type Evaluation, evaluate } from '../evaluation/evaluate.js';
import { evaluationTable } from '../evaluation/table.js';
import { type EventSource, logSource } from '../events/event-source.js';
import { openLmdbLog } from '../events/lmdb-log.js';
import { MemoryUserRecords } from '../profiles/memory-user-records.js';
import { NO_SNAPSHOTS } from '../replay/snapshot-timeline.js';
import { CommandError, fractionOf, numberOf, timeOf } from './options.js';
import { stageProgress } from './stage-progress.js';

interface EvaluateOptions {
  readonly data?: string;
  readonly clicks?: readonly string[];
  readonly format: string;
  readonly from?: string;
  readonly to?: string;
  readonly sample: string;
  readonly k: string;
  readonly seed: string;
  readonly scenario: string;
  readonly json?: string;
}

const DAY_MS = 86_400_000;

/** Adds the command to the program. */
export function evaluateCommand(program: Command, configOf: (options: { readonly data?: string }) => Config): void {
  program
    .command('evaluate')
    .description('replays clicks through the engine and reports how often the next click is on its list')
    .option('--clicks <file...>', 'files of interactions to replay (default: the log of the data folder)')
    .option('--format <format>', 'format of the files: csv, parquet, jsonl or globo', 'globo')
    .option('--data <folder>', 'data folder (default: RECOGRAPH_DATA, else ./data)')
    .option('--from <time>', 'first time of the clicks that are judged, UTC (default: a day before --to)')
    .option('--to <time>', 'end of these times, itself not among them (default: the end of the log)')
    .option('--sample <fraction>', 'part of these clicks that is judged', '1')
    .option('--k <number>', 'length of the lists', '10')
    .option('--seed <number>', 'of the sample and of the intervals', '1')
    .option('--scenario <name>', 'scenario that makes the lists', 'default')
    .option('--json <file>', 'writes the report as JSON')
    .action((options: EvaluateOptions) => runEvaluate(configOf(options), options));
}

async function runEvaluate(config: Config, options: EvaluateOptions): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const scenario = config.scenarios.find(({ name }) => name === options.scenario);
  if (scenario === undefined) {
    const names = config.scenarios.map(({ name }) => name).join(', ');
    throw new CommandError('UNKNOWN_SCENARIO', `there is no scenario "${options.scenario}"; there are: ${names}`);
  }
  const k = numberOf('--k', options.k, { least: 1, most: 100 });
  const seed = numberOf('--seed', options.seed, { least: 0, most: 2 ** 31 });
  const sample = fractionOf('--sample', options.sample);
  const { source, close } = await openSource(config, options);
  const progress = stageProgress(process.stdout);
  try {
    const window = await windowOf(source, options);
    const evaluation = await evaluate({
      ...window,
      source,
      sample,
      seed,
      k,
      scenario,
      settings: config.state,
      records: new MemoryUserRecords(),
      snapshots: NO_SNAPSHOTS,
      cacheFolder: join(config.dataFolder, 'replay'),
      baselines: [],
      clock: () => performance.now(),
      onProgress: ({ stage, events, asked, toAsk }) =>
        progress.update(stage === 'asking' ? `asking ${asked} of ${toAsk}` : `${stage} ${events} events`),
      onProblem: (message) => process.stderr.write(`${message}\n`),
    });
    progress.stop();
    await writeReports(evaluation, options);
    evaluationTable(evaluation).forEach(say);
    const peakMb = process.resourceUsage().maxRSS / 1_024;
    say(`peak memory ${Math.round(peakMb)} MB`);
  } finally {
    progress.stop();
    await close();
  }
}

async function openSource(
  config: Config,
  { clicks, format }: EvaluateOptions,
): Promise<{ source: EventSource; close: () => Promise<void> }> {
  if (clicks !== undefined) {
    checkFormat(format);
    const source = await clickFiles({ files: clicks, format, now: Date.now() });
    return { source, close: () => Promise.resolve() };
  }
  const log = openLmdbLog({ folder: join(config.dataFolder, 'log'), readOnly: true });
  return { source: await logSource(log), close: () => log.close() };
}

/** The window asked for; without one, the last day of the events. */
async function windowOf(source: EventSource, options: EvaluateOptions): Promise<{ from: number; to: number }> {
  const to = options.to === undefined ? (await lastTime(source)) + 1 : timeOf('--to', options.to);
  const from = options.from === undefined ? to - DAY_MS : timeOf('--from', options.from);
  if (from >= to) throw new CommandError('BAD_OPTION', '--from must be before --to');
  return { from, to };
}

async function lastTime(source: EventSource): Promise<number> {
  let last = 0;
  for await (const entries of source.read(0)) {
    for (const { event } of entries) if (event.kind === 'interaction' && event.at > last) last = event.at;
  }
  return last;
}

async function writeReports(evaluation: Evaluation, { json }: EvaluateOptions): Promise<void> {
  if (json !== undefined) await writeFile(json, `${JSON.stringify(evaluation, null, 2)}\n`);
}
