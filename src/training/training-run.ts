/**
 * The steps of a training, over one fold of the events that only moves forward. What a step gave is kept in the work
 * folder, so that a training that was interrupted folds past it and goes on.
 */
import { AlsModel, type AlsParts } from '../engine/als/als-model.js';
import { type FittedWeights, MOMENTS } from '../engine/blend-weights.js';
import { featuresOf } from '../engine/features/featurize.js';
import { RankerModel } from '../engine/ranker-model.js';
import { createEngine, type Engine } from '../engine/recommend.js';
import { type Scenario } from '../engine/scenario.js';
import { type Snapshot } from '../engine/snapshot.js';
import { DEFAULT_COMPONENTS } from '../engine/sources/popularity-components.js';
import { readLightgbm } from '../engine/trees/read-lightgbm.js';
import { type TreeEnsemble } from '../engine/trees/tree-ensemble.js';
import { writeLightgbm } from '../engine/trees/write-lightgbm.js';
import { type Ask } from '../replay/ask.js';
import { Fold } from '../replay/fold.js';
import { LivePopularity } from '../replay/live-popularity.js';
import { isSampled, planAsks } from '../replay/plan-asks.js';
import { type Answered, replay } from '../replay/replay.js';
import { LiveState } from '../state/live-state.js';
import { FactorFits, type FoundSettings } from './als/factor-fits.js';
import { fitWeights } from './blend/fit-weights.js';
import { Observations } from './blend/observations.js';
import { Gate, type GateResult } from './gate.js';
import { collectRows } from './ranker/collect-rows.js';
import { fitOnRows, type LearnedRanker, refitOnRows } from './ranker/fit-on-rows.js';
import { type RowCounts, RowWriter } from './ranker/row-files.js';
import { type TrainingSlices } from './slices.js';
import { type TrainOptions } from './train-options.js';
import { type WorkFolder } from './work-folder.js';

/** The snapshot that answers are made with while the next one is trained. */
export interface InUse {
  readonly snapshot: Snapshot;
  readonly als: FoundSettings | null;
}

/** Folders of rows within the work folder. */
const ROWS = 'rows';
const GATE_ROWS = 'gate-rows';

export class TrainingRun {
  private sliceFactors: AlsParts | null = null;
  private fittedAsOf = -Infinity;
  private readonly fold: Fold;
  private readonly popularity: LivePopularity;
  private readonly factors: FactorFits;
  private readonly engine: Engine;
  private asks: readonly Ask[] | null = null;

  constructor(
    private readonly options: TrainOptions,
    private readonly slices: TrainingSlices,
    private readonly current: InUse | null,
    private readonly work: WorkFolder,
  ) {
    const { settings, records, clock } = options;
    this.popularity = new LivePopularity(settings.weights);
    this.fold = new Fold(new LiveState(settings, records), [this.popularity]);
    this.engine = createEngine({ clock });
    this.factors = new FactorFits(options, current?.als ?? null);
  }

  /** Settings of the factorisation, once they are known. */
  get found(): FoundSettings | null {
    return this.factors.found;
  }

  /** Weights of the blend, from the first slice. */
  async fitWeights(): Promise<FittedWeights> {
    const { options, slices, current, work } = this;
    const { weights, found } = await work.once('weights', async () => {
      const asks = await this.asksOf(slices.fitFrom, slices.rowsFrom, options.queries);
      let observations: Observations | null = null;
      const snapshot = await this.candidateAt(asks, slices.fitFrom, {});
      await this.ask(asks, { snapshot, fitted: false }, (answered) => {
        observations ??= new Observations(answered.state);
        observations.add(answered);
      });
      const before = current?.snapshot.weights ?? handSet(options.scenario);
      return { weights: observations === null ? before : fitWeights(observations, before), found: this.found };
    });
    this.factors.found = found;
    return weights;
  }

  /** Rows of the lists of the second slice, as these weights make them. */
  async collectRows(weights: FittedWeights): Promise<{ readonly folder: string; readonly counts: RowCounts }> {
    const { options, slices, work } = this;
    const counts = await work.once('rows', async () => {
      const asks = await this.asksOf(slices.rowsFrom, slices.gateFrom, options.ranker.queries);
      const snapshot = await this.candidateAt(asks, slices.rowsFrom, { weights });
      return this.writeRows(ROWS, (add) => this.ask(asks, { snapshot, fitted: true }, add));
    });
    return { folder: work.pathOf(ROWS), counts };
  }

  /** The ranker, from these rows; null where they are too few to tell anything. */
  async fitRanker(weights: FittedWeights): Promise<LearnedRanker | null> {
    const { options } = this;
    if (options.ranker.queries === 0) return null;
    const { folder, counts } = await this.collectRows(weights);
    return this.onceLearned('ranker', () => fitOnRows(folder, counts, options));
  }

  /**
   * Judges what was fitted so far on the last slice. A ranker that passes is fitted again with rows of that slice, for the
   * newest say most: they are taken from as large a part of its lists as those before, and some of these are judged.
   */
  async judge(weights: FittedWeights, ensemble: TreeEnsemble | null): Promise<GateResult> {
    const { slices, engine, current, popularity, options, work } = this;
    const { rowsFrom, gateFrom, until } = slices;
    return work.once('gate', async () => {
      const judged = new Set(await this.asksOf(gateFrom, until, options.queries));
      const forRows = (options.ranker.queries * (until - gateFrom)) / (gateFrom - rowsFrom);
      const asks =
        ensemble === null ? [...judged] : await this.asksOf(gateFrom, until, Math.max(options.queries, forRows));
      const ranker = ensemble === null ? null : new RankerModel(ensemble);
      const snapshot = await this.candidateAt(asks, gateFrom, { weights, ranker });
      const gate = new Gate({
        engine,
        popularity,
        current: current?.snapshot ?? null,
        blend: ranker === null ? null : { ...snapshot, ranker: null },
        baselines: options.baselines,
      });
      const replayed = (add: (answered: Answered) => void): Promise<void> =>
        this.ask(asks, { snapshot, fitted: true }, (answered) => {
          // First: the gate asks for lists of its own, and rows are read from the list that was asked for last.
          add(answered);
          if (judged.has(answered.ask)) gate.judge(answered);
        });
      if (ranker === null) await replayed(() => undefined);
      else await this.writeRows(GATE_ROWS, replayed);
      return gate.result(options.seed);
    });
  }

  /** The ranker fitted again, with the lists it was judged on. */
  async refitRanker(judged: LearnedRanker): Promise<LearnedRanker | null> {
    const { work, options } = this;
    const folders = [work.pathOf(ROWS), work.pathOf(GATE_ROWS)];
    return this.onceLearned('refit', () => refitOnRows(folders, judged, options));
  }

  /** The factors that the last slice was judged with, or would have been. */
  async judgedFactors(): Promise<AlsParts | null> {
    await this.factorsAsOf(this.slices.gateFrom);
    return this.sliceFactors;
  }

  /** The factors of all data. */
  async fitAll(): Promise<AlsParts | null> {
    await this.foldTo(Infinity);
    return this.fitFactors(this.slices.until);
  }

  /** A stage that gives a ranker, whose trees are kept as text. */
  private async onceLearned(stage: string, fit: () => Promise<LearnedRanker | null>): Promise<LearnedRanker | null> {
    const kept = await this.work.once(stage, async () => {
      const learned = await fit();
      return learned === null ? null : { ...learned, ensemble: writeLightgbm(learned.ensemble) };
    });
    return kept === null ? null : { ...kept, ensemble: readLightgbm(kept.ensemble) };
  }

  private async writeRows(
    name: string,
    replayed: (add: (answered: Answered) => void) => Promise<void>,
  ): Promise<RowCounts> {
    const { options, work } = this;
    const names = featuresOf(options.settings).map((feature) => feature.name);
    const writer = await RowWriter.create(work.pathOf(name), names);
    try {
      await replayed(collectRows(writer, { negatives: options.ranker.negatives, seed: options.seed }));
    } catch (error) {
      writer.discard();
      throw error;
    }
    return writer.close();
  }

  /** What can be asked with at the begin of a slice: factors of what came before it, and what was fitted on earlier slices. */
  private async candidateAt(
    asks: readonly Ask[],
    from: number,
    { weights = null, ranker = null }: Partial<Pick<Snapshot, 'weights' | 'ranker'>>,
  ): Promise<Snapshot> {
    if (asks.length > 0) await this.factorsAsOf(from);
    const als = this.sliceFactors === null ? null : new AlsModel(this.sliceFactors);
    return { id: 'candidate', createdAt: from, dataUntil: from, metrics: {}, weights, als, ranker };
  }

  /** Folds to the begin of a slice and fits factors to what there is, once. */
  private async factorsAsOf(time: number): Promise<void> {
    if (this.fittedAsOf === time) return;
    await this.foldTo(time);
    this.sliceFactors = await this.fitFactors(time);
    this.fittedAsOf = time;
  }

  /** Asks for the lists of a slice, from the state as it stands. */
  private async ask(
    asks: readonly Ask[],
    { snapshot, fitted }: { readonly snapshot: Snapshot; readonly fitted: boolean },
    onAnswer: (answered: Answered) => void,
  ): Promise<void> {
    const { options, fold, engine } = this;
    const { source, clock, scenario, signal, onStage } = options;
    await replay({
      source,
      asks,
      fold,
      engine,
      clock,
      onAnswer,
      scenario: { ...scenario, fitted },
      snapshots: { at: () => snapshot },
      onProgress: ({ asked }) => {
        signal?.throwIfAborted();
        onStage(`asking ${asked} of ${asks.length}`);
      },
    });
  }

  /** Folds on up to the first interaction of this time or later: the state then knows nothing of it. */
  private async foldTo(time: number): Promise<void> {
    const { fold, options } = this;
    for await (const entries of options.source.read(fold.position)) {
      options.signal?.throwIfAborted();
      for (const { event, position } of entries) {
        if (event.kind === 'interaction' && event.at >= time) return;
        fold.apply(event, position);
      }
      options.onStage(`folding, ${fold.position} events`);
    }
  }

  private fitFactors(asOf: number): Promise<AlsParts | null> {
    const { from, until } = this.slices;
    return this.factors.fit(this.fold.state, { asOf, spanMs: until - from });
  }

  /** The lists to ask for in a slice, at most so many. */
  private async asksOf(from: number, to: number, most: number): Promise<readonly Ask[]> {
    const { source, settings, seed } = this.options;
    const { fitFrom, until } = this.slices;
    this.asks ??= await planAsks(source, settings, { from: fitFrom, to: until, sample: 1, seed });
    const within = this.asks.filter(({ now, target }) => target.at >= from && target.at < to && now >= from);
    return within.filter(({ target }) => isSampled(target, most / within.length, seed));
  }
}

function handSet({ weights }: Scenario): FittedWeights {
  const of = (moment: (typeof MOMENTS)[number]): FittedWeights[typeof moment] => ({
    sources: weights[moment === 'COLD' ? 'COLD' : 'WARM'],
    popularity: DEFAULT_COMPONENTS,
  });
  return Object.fromEntries(MOMENTS.map((moment) => [moment, of(moment)])) as FittedWeights;
}
