/**
 * Training as one replay: fold to the first slice and fit the factors, replay the slice and fit the weights to what was
 * clicked, fit the factors again and let the gate judge the outcome on the slice after that, fit them on everything, publish.
 * Whatever ends it on the way, the snapshot in use stays in use.
 */
import { type Manifest } from '../artifacts/manifest.js';
import { type FittedWeights } from '../engine/blend-weights.js';
import { snapshotFiles, snapshotOf } from '../engine/snapshot-files.js';
import { type EventSource } from '../events/event-source.js';
import { eventsBefore } from '../replay/events-before.js';
import { type AlsSettings, TrainingError } from './als/als-settings.js';
import { type GateResult, verdict } from './gate.js';
import { type TrainingSlices, trainingSlices } from './slices.js';
import { type TrainOptions } from './train-options.js';
import { type InUse, TrainingRun } from './training-run.js';

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
  const current = await inUse(options);
  onStage('reading the events');
  const span = await spanOf(options.source, options.until);
  const source = eventsBefore(options.source, span.until);
  const slices = trainingSlices({ ...span, known: current?.snapshot.dataUntil ?? null });
  const run = new TrainingRun({ ...options, source }, slices, current);
  const weights = await run.fitWeights();
  const gate = await run.judge(weights);
  const outcome = verdict(gate, current === null);
  signal?.throwIfAborted();
  // What was judged is kept as it was judged; what is served is fitted on everything.
  const als = outcome.accepted ? await run.fitAll() : run.judgedFactors;
  const manifest = await store.publish({
    createdAt: options.now(),
    dataFrom: span.from,
    dataUntil: outcome.accepted ? slices.until : slices.gateFrom,
    parameters: {
      als: run.alsSettings === null ? null : { ...run.alsSettings },
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

async function inUse({ store, onProblem }: TrainOptions): Promise<InUse | null> {
  const id = await store.current();
  if (id === null) return null;
  try {
    const artifacts = await store.read(id);
    const { als } = artifacts.manifest.parameters as { readonly als?: AlsSettings | null };
    return { snapshot: snapshotOf(artifacts), alsSettings: als ?? null };
  } catch (error) {
    onProblem(`the snapshot in use can't be read, and is not compared with: ${(error as Error).message}`);
    return null;
  }
}

/** Times of the first and behind the last interaction, ms. */
async function spanOf(source: EventSource, until: number | null): Promise<{ from: number; until: number }> {
  let from = Infinity;
  let last = -Infinity;
  for await (const entries of source.read(0)) {
    for (const { event } of entries) {
      if (event.kind !== 'interaction' || (until !== null && event.at >= until)) continue;
      if (event.at < from) from = event.at;
      if (event.at > last) last = event.at;
    }
  }
  if (last === -Infinity) throw new TrainingError('TOO_FEW_EVENTS', 'there is no interaction to train on');
  return { from, until: Math.min(until ?? Infinity, last + 1) };
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
