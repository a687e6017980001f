/** `recograph train`: fits what needs a fit, judges it, and makes it the snapshot in use if it is better. */
import { type Command } from 'commander';
import { type Config } from '../config.js';
import { MOMENTS } from '../engine/blend-weights.js';
import { signed, signedRange } from '../math/signed-text.js';
import { type GateResult } from '../training/gate.js';
import { type LearnedRanker } from '../training/ranker/fit-on-rows.js';
import { type Trained, train } from '../training/train.js';
import { timeOf } from './options.js';
import { addTrainingOptions, type TrainingCommandOptions, withTraining } from './training-options.js';

interface TrainCommandOptions extends TrainingCommandOptions {
  readonly to?: string;
}

/** Adds the command to the program. */
export function trainCommand(program: Command, configOf: (options: { readonly data?: string }) => Config): void {
  const command = program
    .command('train')
    .description('fits factors, weights and a ranker, and publishes them as a snapshot if they are better')
    .option('--learning-curve', 'fits rankers to parts of the lists too, to see what more of them bring', false)
    .option('--to <time>', 'end of the data, itself not among them, UTC (default: all)');
  addTrainingOptions(command).action(async (options: TrainCommandOptions) => {
    const until = options.to === undefined ? null : timeOf('--to', options.to);
    const trained = await withTraining(configOf(options), options, until, train);
    for (const line of trainedLines(trained)) process.stdout.write(`${line}\n`);
  });
}

/** Features named in the summary. */
const NAMED = 5;

function trainedLines({ manifest, gate, weights, ranker, slices, published }: Trained): string[] {
  const time = (at: number): string => new Date(at).toISOString();
  const lines = [
    `weights fitted on ${time(slices.fitFrom)} to ${time(slices.rowsFrom)}, judged on ${gate.queries} lists of ${time(slices.gateFrom)} to ${time(slices.until)}`,
    `  HR@10 ${gate.candidate.hr.toFixed(4)}, NDCG@10 ${gate.candidate.ndcg.toFixed(4)}`,
    ...Object.entries(gate.baselines).map(([name, hr]) => `  HR@10 of ${name} ${hr.toFixed(4)}`),
  ];
  for (const moment of MOMENTS) {
    const parts = Object.entries(weights[moment].sources).filter(([, weight]) => weight > 0);
    lines.push(`  ${moment}: ${parts.map(([name, weight]) => `${name} ${weight.toFixed(3)}`).join(', ')}`);
  }
  lines.push(...rankerLines(gate, ranker));
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

function rankerLines({ ranker: judged, queries }: GateResult, ranker: LearnedRanker | null): string[] {
  if (judged === null) return ['  no ranker: it is off, or there are too few lists to learn from'];
  const { mean } = judged.overBlend;
  const over = `NDCG@10 ${signed(mean)} (95 % ${signedRange(judged.overBlend)}) over the blend`;
  if (ranker === null) {
    return [
      mean > 0
        ? `  no ranker: ${queries} lists are too few to judge it by`
        : `  no ranker: it was no better than the blend, ${over}`,
    ];
  }
  const named = ranker.importances.slice(0, NAMED).map(([name, part]) => `${name} ${(100 * part).toFixed(0)} %`);
  return [
    `  ranker of ${ranker.ensemble.trees.length} trees over ${ranker.ensemble.featureNames.length} features, ${ranker.queries} lists: ${over}`,
    `    it goes by ${named.join(', ')}; ${ranker.leftOut.length} features were left out, for they bring next to nothing`,
    ...(ranker.learningCurve ?? []).map(({ queries, ndcg }) => `    from ${queries} lists NDCG@10 ${ndcg.toFixed(4)}`),
  ];
}
