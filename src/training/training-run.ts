/** The steps of a training, over one fold of the events that only moves forward. */
import { AlsModel, type AlsParts } from '../engine/als/als-model.js';
import { type FittedWeights, MOMENTS } from '../engine/blend-weights.js';
import { createEngine, type Engine } from '../engine/recommend.js';
import { type Scenario } from '../engine/scenario.js';
import { type Snapshot } from '../engine/snapshot.js';
import { DEFAULT_COMPONENTS } from '../engine/sources/popularity-components.js';
import { type Ask } from '../replay/ask.js';
import { Fold } from '../replay/fold.js';
import { LivePopularity } from '../replay/live-popularity.js';
import { isSampled, planAsks } from '../replay/plan-asks.js';
import { type Answered, replay } from '../replay/replay.js';
import { LiveState } from '../state/live-state.js';
import { type AlsSettings } from './als/als-settings.js';
import { fitState, searchState } from './als/fit-state.js';
import { stateMatrix } from './als/state-matrix.js';
import { fitWeights } from './blend/fit-weights.js';
import { Observations } from './blend/observations.js';
import { Gate, type GateResult } from './gate.js';
import { type TrainingSlices } from './slices.js';
import { type TrainOptions } from './train-options.js';

/** The snapshot that answers are made with while the next one is trained. */
export interface InUse {
  readonly snapshot: Snapshot;
  readonly als: FoundSettings | null;
}

/** Settings of the factorisation, and how many pairs they were found on. */
export interface FoundSettings {
  readonly settings: AlsSettings;
  readonly pairs: number;
}

const DAY_MS = 86_400_000;
/** Half-life of an interaction's weight in the factorisation, as part of the time of all data; a day at least. */
const HALF_LIFE_PART = 0.4;
/** When there are so many times the pairs that settings were found on, they are searched again. */
const OUTGROWN = 4;

export class TrainingRun {
  found: FoundSettings | null;
  judgedFactors: AlsParts | null = null;
  private readonly fold: Fold;
  private readonly popularity: LivePopularity;
  private readonly engine: Engine;
  private asks: readonly Ask[] | null = null;

  constructor(
    private readonly options: TrainOptions,
    private readonly slices: TrainingSlices,
    private readonly current: InUse | null,
  ) {
    const { settings, records, clock } = options;
    this.popularity = new LivePopularity(settings.weights);
    this.fold = new Fold(new LiveState(settings, records), [this.popularity]);
    this.engine = createEngine({ clock });
    this.found = current?.als ?? null;
  }

  async fitWeights(): Promise<FittedWeights> {
    const { options, slices } = this;
    const asks = await this.asksOf(slices.fitFrom, slices.gateFrom);
    let observations: Observations | null = null;
    await this.replaySlice(asks, slices.fitFrom, { fitted: false }, (answered) => {
      observations ??= new Observations(answered.state);
      observations.add(answered);
    });
    const { snapshot } = this.current ?? { snapshot: null };
    const before = snapshot?.weights ?? handSet(options.scenario);
    return observations === null ? before : fitWeights(observations, before);
  }

  async judge(weights: FittedWeights): Promise<GateResult> {
    const { slices, engine, current, popularity, options } = this;
    const asks = await this.asksOf(slices.gateFrom, slices.until);
    const gate = new Gate(engine, current?.snapshot ?? null, popularity, options.baselines);
    await this.replaySlice(asks, slices.gateFrom, { fitted: true, weights }, (answered) => gate.judge(answered));
    return gate.result(options.seed);
  }

  /** The factors of all data. */
  async fitAll(): Promise<AlsParts | null> {
    await this.foldTo(Infinity);
    return this.fitFactors(this.slices.until);
  }

  /** Fits factors on what came before the slice, and asks for its lists with them. */
  private async replaySlice(
    asks: readonly Ask[],
    from: number,
    blend: { readonly fitted: boolean; readonly weights?: FittedWeights },
    onAnswer: (answered: Answered) => void,
  ): Promise<void> {
    if (asks.length === 0) return;
    const { options, fold, engine } = this;
    const { source, clock, scenario, signal, onStage } = options;
    await this.foldTo(from);
    this.judgedFactors = await this.fitFactors(from);
    const als = this.judgedFactors === null ? null : new AlsModel(this.judgedFactors);
    const weights = blend.weights ?? null;
    const snapshot: Snapshot = { id: 'candidate', createdAt: from, dataUntil: from, metrics: {}, weights, als };
    await replay({
      source,
      asks,
      fold,
      engine,
      clock,
      onAnswer,
      scenario: { ...scenario, fitted: blend.fitted },
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

  /** Factors of the state as it stands, which knows nothing from `asOf` on. */
  private async fitFactors(asOf: number): Promise<AlsParts | null> {
    const { options, fold } = this;
    const { workers, signal, seed, searchMs: timeMs, onStage, settings: stateSettings } = options;
    const { from, until } = this.slices;
    const halfLifeMs = Math.max(DAY_MS, HALF_LIFE_PART * (until - from));
    const world = stateMatrix(fold.state, { types: stateSettings.weights, halfLifeMs, asOf });
    const pairs = world.matrix.indexes.length;
    if (this.found === null || pairs >= OUTGROWN * this.found.pairs) {
      onStage('searching settings of the factorisation');
      const settings = await searchState(world, { workers, signal, seed, timeMs });
      if (settings === null) return null;
      this.found = { settings, pairs };
    }
    onStage('fitting factors');
    return fitState(world, this.found.settings, { workers, signal });
  }

  /** The lists to ask for in a slice. */
  private async asksOf(from: number, to: number): Promise<readonly Ask[]> {
    const { source, settings, seed, queries } = this.options;
    const { fitFrom, until } = this.slices;
    this.asks ??= await planAsks(source, settings, { from: fitFrom, to: until, sample: 1, seed });
    const within = this.asks.filter(({ now, target }) => target.at >= from && target.at < to && now >= from);
    return within.filter(({ target }) => isSampled(target, queries / within.length, seed));
  }
}

function handSet({ weights }: Scenario): FittedWeights {
  const of = (moment: (typeof MOMENTS)[number]): FittedWeights[typeof moment] => ({
    sources: weights[moment === 'COLD' ? 'COLD' : 'WARM'],
    popularity: DEFAULT_COMPONENTS,
  });
  return Object.fromEntries(MOMENTS.map((moment) => [moment, of(moment)])) as FittedWeights;
}
