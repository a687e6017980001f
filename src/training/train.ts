/**
 * Training as one replay: fold to the first slice and fit the factors, replay the slice and fit the weights to what was
 * clicked, fit the factors again and let the gate judge the outcome on the slice after that, fit them on everything, publish.
 * Whatever ends it on the way, the snapshot in use stays in use.
 */
import { type Manifest } from '../artifacts/manifest.js';
import { type FittedWeights } from '../engine/blend-weights.js';
import { snapshotFiles, snapshotOf } from '../engine/snapshot-files.js';
import { interactionsBefore } from '../replay/interactions-before.js';
import { timeSpan } from '../replay/time-span.js';
import { type GateResult, verdict } from './gate.js';
import { type TrainingSlices, trainingSlices } from './slices.js';
import { type TrainOptions } from './train-options.js';
import { TrainingError } from './training-error.js';
import { type FoundSettings, type InUse, TrainingRun } from './training-run.js';

export interface Trained {
  readonly manifest: Manifest;
  readonly gate: GateResult;
  readonly weights: FittedWeights;
  readonly slices: TrainingSlices;
  /** Whether it is LATEST now. */
  readonly published: boolean;
}

/** Snapshots that stay, besides those that may be rolled back to. */
const KEPT = 10;

/** @throws TrainingError TOO_FEW_EVENTS, SnapshotError, or the signal's reason */
export async function train(options: TrainOptions): Promise<Trained> {
  const { store, onStage, signal } = options;
  const latest = await store.latest();
  const inUseId = await store.current();
  const current = inUseId === null ? null : await readInUse(inUseId, options);
  onStage('reading the events');
  // A time yet to come is a wrong one: nothing could be judged after it.
  const span = await timeSpan(options.source, Math.min(options.until ?? Infinity, options.now()));
  if (span === null) throw new TrainingError('TOO_FEW_EVENTS', 'there is no interaction to train on');
  const source = interactionsBefore(options.source, span.until);
  const slices = trainingSlices({ ...span, known: current?.snapshot.dataUntil ?? null });
  const run = new TrainingRun({ ...options, source }, slices, current);
  const weights = await run.fitWeights();
  const gate = await run.judge(weights);
  const outcome = verdict(gate, inUseId === null);
  signal?.throwIfAborted();
  // What was judged is kept as it was judged; what is served is fitted on everything.
  const als = outcome.accepted ? await run.fitAll() : run.judgedFactors;
  const manifest = await store.publish({
    createdAt: options.now(),
    dataFrom: span.from,
    dataUntil: outcome.accepted ? slices.until : slices.gateFrom,
    parameters: {
      als: run.found === null ? null : { settings: { ...run.found.settings }, pairs: run.found.pairs },
      seed: options.seed,
      slices: { ...slices },
    },
    metrics: metricsOf(gate),
    gate: outcome,
    files: snapshotFiles({ weights, als }),
  });
  const published = outcome.accepted && (await store.moveLatest(latest, manifest.id));
  await store.prune(KEPT);
  return { manifest, gate, weights, slices, published };
}

/** Null where it can't be read: the next one is then judged against live popularity alone. */
async function readInUse(id: string, { store, onProblem }: TrainOptions): Promise<InUse | null> {
  try {
    const artifacts = await store.read(id);
    const { als } = artifacts.manifest.parameters as { readonly als?: FoundSettings | null };
    return { snapshot: snapshotOf(artifacts), als: als ?? null };
  } catch (error) {
    onProblem(`the snapshot in use can't be read, and is not compared with: ${(error as Error).message}`);
    return null;
  }
}

function metricsOf({
  queries,
  candidate,
  baselines,
  overLivePopularity,
  overCurrent,
}: GateResult): Record<string, number> {
  return {
    queries,
    'hr@10': candidate.hr,
    'ndcg@10': candidate.ndcg,
    ...Object.fromEntries(Object.entries(baselines).map(([name, hr]) => [`hr@10 ${name}`, hr])),
    'ndcg@10 over live popularity': overLivePopularity.mean,
    ...(overCurrent === null ? {} : { 'ndcg@10 over the one before': overCurrent.mean }),
  };
}
