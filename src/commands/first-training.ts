/** The demo's first training, before it is served for the first time, and what a training found. */
import { spawn } from 'node:child_process';
import { type Config } from '../config.js';
import { childOutcome } from './child-outcome.js';
import { trainingCommandLine } from './serve.js';
import { openSnapshots } from './snapshots.js';

/** Enough for the demo: the rest would cost the first start its patience. */
const QUICK = ['--queries', '2000', '--ranker-queries', '8000', '--search-minutes', '1'];

/** Trains where the store names no snapshot. One that fails is told, and the demo is served without; so is a damaged store. */
export async function firstTraining(config: Config, main: string, say: (line: string) => void): Promise<void> {
  const untold = await openSnapshots(config)
    .current()
    .then(
      (id) => id === null,
      (error: Error) => say(`Not trained: ${error.message}.`),
    );
  if (untold !== true) return;
  say('Training on it, once; `recograph train` does it again.');
  const [program, ...parameters] = [...trainingCommandLine(config, main), ...QUICK];
  const child = spawn(program!, parameters, { stdio: ['ignore', 'ignore', 'inherit'] });
  const problem = await childOutcome(child);
  if (problem !== null) say(`Not trained: ${problem}. The lists are made with the weights set by hand.`);
}

/** How often the lists of the snapshot in use held the next click, beside what a list knowing the truth would reach. */
export async function qualityLines(config: Config): Promise<readonly string[]> {
  const store = openSnapshots(config);
  const id = await store.current().catch(() => null);
  const metrics =
    id === null
      ? null
      : await store.manifest(id).then(
          (manifest) => manifest.metrics,
          () => null,
        );
  const [ours, live, oracle] = ['hr@10', 'hr@10 livePopularity', 'hr@10 oracle'].map((name) => metrics?.[name]);
  if (ours === undefined || live === undefined) return [];
  const percent = (part: number): string => `${(100 * part).toFixed(1)} %`;
  return [
    `\nOf ${metrics!['queries']} clicks after the data it was fitted to, the first ten of a list held ${percent(ours)};`,
    `live popularity alone ${percent(live)}${oracle === undefined ? '' : `, an oracle that knows the demo’s truth ${percent(oracle)}`}.`,
  ];
}
