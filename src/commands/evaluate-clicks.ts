/** The replay part of `recograph evaluate`: how good the engine's lists are, by replay of files of clicks or of the server's own log. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Config } from '../config.js';
import { type Evaluation, evaluate } from '../evaluation/evaluate.js';
import { htmlReport } from '../evaluation/html/html-report.js';
import { evaluationTable } from '../evaluation/table.js';
import { type EventSource } from '../events/event-source.js';
import { MemoryUserRecords } from '../profiles/memory-user-records.js';
import { timeSpan } from '../replay/time-span.js';
import { NO_SNAPSHOTS } from '../replay/snapshot-timeline.js';
import { demoBaselines } from './demo-oracle.js';
import { openEvents } from './events-option.js';
import { CommandError, timeOf } from './options.js';
import { replaySnapshots } from './replay-snapshots.js';
import { openSnapshots } from './snapshots.js';
import { stageProgress } from './stage-progress.js';

export interface ClicksOptions {
  readonly clicks?: readonly string[];
  readonly format: string;
  readonly from?: string;
  readonly to?: string;
  readonly sample: number;
  readonly k: number;
  readonly seed: number;
  readonly scenario: string;
  readonly snapshots?: string;
  readonly json?: string;
  readonly html?: string;
}

const DAY_MS = 86_400_000;

/** Replays, prints the table, writes what was asked for. @throws CommandError, ImportError, ReplayError */
export async function evaluateClicks(config: Config, options: ClicksOptions): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const scenario = config.scenarios.find(({ name }) => name === options.scenario);
  if (scenario === undefined) {
    const names = config.scenarios.map(({ name }) => name).join(', ');
    throw new CommandError('UNKNOWN_SCENARIO', `there is no scenario "${options.scenario}"; there are: ${names}`);
  }
  const { sample, k, seed } = options;
  const { source, close } = await openEvents(config, options);
  const progress = stageProgress(process.stdout);
  try {
    const window = await windowOf(source, options);
    const onProblem = (message: string): void => void process.stderr.write(`${message}\n`);
    const { timeline, refused } =
      options.snapshots === undefined
        ? { timeline: NO_SNAPSHOTS, refused: [] }
        : await replaySnapshots(openSnapshots(config, options.snapshots), window.to, onProblem);
    const evaluation = await evaluate({
      ...window,
      source,
      sample,
      seed,
      k,
      scenario,
      settings: config.state,
      records: new MemoryUserRecords(),
      snapshots: timeline,
      refusedSnapshots: refused,
      cacheFolder: join(config.dataFolder, 'replay'),
      baselines: options.clicks === undefined ? await demoBaselines(config) : [],
      clock: () => performance.now(),
      onProgress: ({ stage, events, asked, toAsk }) =>
        progress.update(stage === 'asking' ? `asking ${asked} of ${toAsk}` : `${stage} ${events} events`),
      onProblem,
    });
    progress.stop();
    evaluationTable(evaluation).forEach(say);
    const peakMb = process.resourceUsage().maxRSS / 1_024;
    say(`peak memory ${Math.round(peakMb)} MB`);
    // Last: what was found is told, even where a file can't be written.
    await writeReports(evaluation, options);
  } finally {
    progress.stop();
    await close();
  }
}

/** The window asked for; without one, the last day of the events, where a time yet to come is a wrong one and ends no day. */
async function windowOf(source: EventSource, options: ClicksOptions): Promise<{ from: number; to: number }> {
  const end = async (): Promise<number> => (await timeSpan(source, Date.now()))?.until ?? 0;
  const to = options.to === undefined ? await end() : timeOf('--to', options.to);
  const from = options.from === undefined ? to - DAY_MS : timeOf('--from', options.from);
  if (from >= to) throw new CommandError('BAD_OPTION', '--from must be before --to');
  return { from, to };
}

async function writeReports(evaluation: Evaluation, { json, html }: ClicksOptions): Promise<void> {
  if (json !== undefined) await writeFile(json, `${JSON.stringify(evaluation, null, 2)}\n`);
  if (html !== undefined) await writeFile(html, htmlReport(evaluation));
}
