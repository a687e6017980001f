/** The fixed-split part of `recograph evaluate`: reads both files, searches settings, fits, ranks, prints, writes JSON. */
import { writeFile } from 'node:fs/promises';
import { evaluateSplit, type SplitMetrics } from '../evaluation/fixed-split/evaluate-split.js';
import { readSplit } from '../evaluation/fixed-split/read-split.js';
import { sparseMatrix } from '../math/sparse-matrix.js';
import { AlsWorkers } from '../training/als/als-workers.js';
import { type AlsSettings, DEFAULT_ALS_SETTINGS } from '../training/als/als-settings.js';
import { fitAls, type FitProgress, rankItems } from '../training/als/fit-als.js';
import { searchAls, type Trial } from '../training/als/search.js';
import { defaultWork } from '../training/als/search-work.js';

export interface EvaluateSplitOptions {
  readonly train: string;
  readonly test: string;
  readonly json: string | undefined;
  readonly k: number;
  readonly seed: number;
  readonly workers: number;
  readonly minutes: number;
  readonly say: (line: string) => void;
}

/** @throws SplitError, TrainingError */
export async function evaluateSplitCommand({ say, k, seed, ...options }: EvaluateSplitOptions): Promise<void> {
  const split = await readSplit(options);
  const { train, test, userIds, itemIds } = split;
  const sizes = { users: userIds.length, items: itemIds.length, train: train.users.length, test: test.users.length };
  say(`${sizes.users} users, ${sizes.items} items, ${sizes.train} train and ${sizes.test} test pairs`);
  const matrix = sparseMatrix({ rows: sizes.users, columns: sizes.items, rowOf: train.users, columnOf: train.items });
  const clock = stopwatch();
  const workers = new AlsWorkers(options.workers);
  try {
    const search = await searchAls(matrix, {
      workers,
      seed,
      work: defaultWork(matrix, DEFAULT_ALS_SETTINGS.steps),
      timeMs: options.minutes * 60_000,
      onTrial: (trial) => say(`  ${describe(trial.settings)}: validation NDCG@20 ${digits(trial)}`),
    });
    const searchSeconds = clock();
    say(`search: ${search.trials.length} trials in ${searchSeconds} s; fitting with ${describe(search.settings)}`);
    const onProgress = everyFewSeconds(({ iteration, iterations }: FitProgress) =>
      say(`  round ${iteration} of ${iterations}`),
    );
    const model = await fitAls(matrix, search.settings, { workers, onProgress });
    const fitSeconds = clock();
    const rank = (users: Int32Array, length: number) => rankItems(model, matrix, { workers, users, k: length });
    const metrics = await evaluateSplit(split, k, rank);
    const seconds = { search: searchSeconds, fit: fitSeconds, rank: clock() };
    for (const line of table(metrics, k)) say(line);
    const als = {
      ...metrics,
      settings: search.settings,
      seconds,
      validation: search.validation,
      trials: search.trials,
    };
    if (options.json !== undefined)
      await writeFile(options.json, `${JSON.stringify({ split: sizes, k, seed, models: { als } }, null, 2)}\n`);
  } finally {
    await workers.close();
  }
}

function describe({ factors, unobservedWeight, regularisation, iterations }: AlsSettings): string {
  const [weight, lambda] = [unobservedWeight, regularisation].map((value) => Number(value.toPrecision(3)));
  return `${factors} factors, unobserved weight ${weight}, regularisation ${lambda}, ${iterations} rounds`;
}

function digits({ score, seconds }: Trial): string {
  return `${score.toFixed(4)} (${seconds.toFixed(1)} s)`;
}

function table({ recall, ndcg, users, coverage }: SplitMetrics, k: number): string[] {
  const cells = [
    ['model', `Recall@${k}`, `NDCG@${k}`, 'coverage', 'users'],
    ['als', recall.toFixed(4), ndcg.toFixed(4), coverage.toFixed(4), `${users}`],
  ];
  return cells.map((row) =>
    row
      .map((cell) => cell.padEnd(12))
      .join('')
      .trimEnd(),
  );
}

const SAY_EVERY_MS = 5_000;

/** Passes a progress on when enough time has gone by since the last one. */
function everyFewSeconds<Progress>(pass: (progress: Progress) => void): (progress: Progress) => void {
  let passedAt = performance.now();
  return (progress) => {
    if (performance.now() - passedAt < SAY_EVERY_MS) return;
    passedAt = performance.now();
    pass(progress);
  };
}

/** Seconds since the last reading. */
function stopwatch(): () => number {
  let from = performance.now();
  return () => {
    const now = performance.now();
    const seconds = Math.round((now - from) / 100) / 10;
    from = now;
    return seconds;
  };
}
