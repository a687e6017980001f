/**
 * Training as one replay: replay a first slice and fit the blend's weights to what was clicked, a second one and fit the
 * ranker to what those weights brought, let the gate judge the outcome on the slice after that, fit on everything, publish;
 * factors are fitted anew before each slice. Whatever ends it on the way, the snapshot in use stays in use, and the next
 * training goes on from the steps that were finished.
 */
import { type Manifest } from '../artifacts/manifest.js';
import { type FittedWeights } from '../engine/blend-weights.js';
import { featuresOf } from '../engine/features/featurize.js';
import { snapshotFiles } from '../engine/snapshot-files.js';
import { interactionsBefore } from '../replay/interactions-before.js';
import { timeSpan } from '../replay/time-span.js';
import { type GateResult, verdict, type VerdictOptions } from './gate.js';
import { incumbent } from './in-use.js';
import { type LearnedRanker } from './ranker/fit-on-rows.js';
import { type TrainingSlices, trainingSlices } from './slices.js';
import { type TrainOptions } from './train-options.js';
import { TrainingError } from './training-error.js';
import { TrainingRun } from './training-run.js';
import { WorkFolder } from './work-folder.js';

export interface Trained {
  readonly manifest: Manifest;
  readonly gate: GateResult;
  readonly weights: FittedWeights;
  /** Null where none was fitted, or the blend was better. */
  readonly ranker: LearnedRanker | null;
  readonly slices: TrainingSlices;
  /** Whether it is LATEST now. */
  readonly published: boolean;
}

/** Raised when what a step keeps changes its form or its meaning. */
const WORK_FORMAT = 1;

/** Snapshots that stay, besides those that may be rolled back to. */
const KEPT = 10;

/** @throws TrainingError TOO_FEW_EVENTS, SnapshotError, or the signal's reason */
export async function train(options: TrainOptions): Promise<Trained> {
  const { store, onStage } = options;
  const latest = await store.latest();
  const { none, inUse, instead } = await incumbent(store, options.onProblem);
  onStage('reading the events');
  // A time yet to come is a wrong one: nothing could be judged after it.
  const span = await timeSpan(options.source, Math.min(options.until ?? Infinity, options.now()));
  if (span === null) throw new TrainingError('TOO_FEW_EVENTS', 'there is no interaction to train on');
  const source = interactionsBefore(options.source, span.until);
  const slices = trainingSlices({ ...span, known: inUse?.snapshot.dataUntil ?? null });
  const work = await WorkFolder.open(options.workFolder, {
    format: WORK_FORMAT,
    features: featuresOf(options.settings).map(({ name }) => name),
    events: source.fingerprint,
    slices,
    inUse: inUse?.snapshot.id ?? null,
    options: [options.queries, options.searchMs, options.ranker, options.seed, options.settings, options.scenario],
  });
  const told = ({ message }: Error): void => options.onProblem(`the work folder stays: ${message}`);
  try {
    const run = new TrainingRun({ ...options, source }, slices, inUse, work);
    const trained = await runSteps(run, options, { slices, dataFrom: span.from, latest, isFirst: none, instead });
    await work.remove().catch(told);
    return trained;
  } catch (error) {
    // What ended the training counts, whatever becomes of its folder.
    await work.release().catch(told);
    throw error;
  }
}

interface Circumstances extends VerdictOptions {
  readonly slices: TrainingSlices;
  readonly dataFrom: number;
  /** What LATEST was when the training began. */
  readonly latest: string | null;
}

async function runSteps(
  run: TrainingRun,
  options: TrainOptions,
  { slices, dataFrom, latest, ...against }: Circumstances,
): Promise<Trained> {
  const { store, signal } = options;
  const weights = await run.fitWeights();
  const fitted = await run.fitRanker(weights);
  const gate = await run.judge(weights, fitted?.ensemble ?? null);
  const outcome = verdict(gate, against);
  signal?.throwIfAborted();
  // What was judged is kept as it was judged; what is served is fitted on everything.
  const judged = gate.ranker?.kept === true ? fitted : null;
  const ranker = judged !== null && outcome.accepted ? await run.refitRanker(judged) : judged;
  const als = outcome.accepted ? await run.fitAll() : await run.judgedFactors();
  const manifest = await store.publish({
    createdAt: options.now(),
    dataFrom,
    dataUntil: outcome.accepted ? slices.until : slices.gateFrom,
    parameters: {
      als: run.found === null ? null : { settings: { ...run.found.settings }, pairs: run.found.pairs },
      ranker: ranker === null ? null : describeRanker(ranker, options),
      seed: options.seed,
      slices: { ...slices },
    },
    metrics: metricsOf(gate),
    gate: outcome,
    files: snapshotFiles({ weights, als, ranker: ranker?.ensemble ?? null }),
  });
  const published = outcome.accepted && (await store.moveLatest(latest, manifest.id));
  await store.prune(KEPT);
  return { manifest, gate, weights, ranker, slices, published };
}

/** What the manifest says of the ranker. */
function describeRanker(
  { rows, queries, validation, learningCurve, importances, leftOut, ensemble }: LearnedRanker,
  { ranker }: TrainOptions,
): Manifest['parameters'][string] {
  return {
    settings: { ...ranker.settings },
    trees: ensemble.trees.length,
    rows,
    queries,
    'validation ndcg@10': validation,
    learningCurve: learningCurve?.map((point) => ({ ...point })) ?? null,
    importances: Object.fromEntries(importances),
    leftOut,
  };
}

function metricsOf({ queries, candidate, ranker, baselines }: GateResult): Record<string, number> {
  const { overLivePopularity, overCurrent } = candidate;
  return {
    queries,
    'hr@10': candidate.hr,
    'ndcg@10': candidate.ndcg,
    ...Object.fromEntries(Object.entries(baselines).map(([name, hr]) => [`hr@10 ${name}`, hr])),
    ...(ranker === null ? {} : { 'ndcg@10 of the ranker over the blend': ranker.overBlend.mean }),
    'ndcg@10 over live popularity': overLivePopularity.mean,
    ...(overCurrent === null ? {} : { 'ndcg@10 over the one before': overCurrent.mean }),
  };
}
