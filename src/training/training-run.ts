/** The steps of a training, over one fold of the events that only moves forward. */
import { AlsModel, type AlsParts } from '../engine/als/als-model.js';
import { type WeightRule } from '../engine/als/history-weights.js';
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
import { fitWeights } from './blend/fit-weights.js';
import { Observations } from './blend/observations.js';
import { Gate, type GateResult } from './gate.js';
import { type TrainingSlices } from './slices.js';
import { type TrainOptions } from './train-options.js';

/** The snapshot that answers are made with while the next one is trained. */
export interface InUse {
  readonly snapshot: Snapshot;
  readonly alsSettings: AlsSettings | null;
}

const DAY_MS = 86_400_000;
/** Half-life of an interaction's weight in the factorisation, as part of the time of all data; a day at least. */
const HALF_LIFE_PART = 0.4;

export class TrainingRun {
  alsSettings: AlsSettings | null;
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
    this.alsSettings = current?.alsSettings ?? null;
  }

  async fitWeights(): Promise<FittedWeights> {
    const { options, slices } = this;
    const asks = await this.asksOf(slices.fitFrom, slices.gateFrom);
    let observations: Observations | null = null;
    options.onStage(`folding to ${new Date(slices.fitFrom).toISOString()}`);
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
    const { fold, options } = this;
    for await (const entries of options.source.read(fold.position)) {
      options.signal?.throwIfAborted();
      for (const { event, position } of entries) fold.apply(event, position);
    }
    return this.fitFactors(this.slices.until);
  }

  /** Fits factors where the slice begins, and asks for its lists with them. */
  private async replaySlice(
    asks: readonly Ask[],
    from: number,
    blend: { readonly fitted: boolean; readonly weights?: FittedWeights },
    onAnswer: (answered: Answered) => void,
  ): Promise<void> {
    const { options, fold, engine } = this;
    const { source, clock, scenario, signal, onStage } = options;
    let snapshot: Snapshot | null = null;
    await replay({
      source,
      asks,
      fold,
      engine,
      clock,
      onAnswer,
      scenario: { ...scenario, fitted: blend.fitted },
      snapshots: { at: () => snapshot },
      onReady: async () => {
        this.judgedFactors = await this.fitFactors(from);
        const als = this.judgedFactors === null ? null : new AlsModel(this.judgedFactors);
        snapshot = {
          id: 'candidate',
          createdAt: from,
          dataUntil: from,
          metrics: {},
          weights: blend.weights ?? null,
          als,
        };
      },
      onProgress: ({ events, asked }) => {
        signal?.throwIfAborted();
        onStage(asked === 0 ? `folding ${events} events` : `asking ${asked} of ${asks.length}`);
      },
    });
  }

  /** Factors of the state as it stands, which knows nothing from `asOf` on. */
  private async fitFactors(asOf: number): Promise<AlsParts | null> {
    const { options, fold } = this;
    const { workers, signal, seed, searchMs: timeMs, onStage, settings } = options;
    const { from, until } = this.slices;
    const halfLifeMs = Math.max(DAY_MS, HALF_LIFE_PART * (until - from));
    const rule: WeightRule = { types: settings.weights, halfLifeMs, asOf };
    if (this.alsSettings === null) onStage('searching settings of the factorisation');
    this.alsSettings ??= await searchState(fold.state, rule, { workers, signal, seed, timeMs });
    if (this.alsSettings === null) return null;
    onStage('fitting factors');
    return fitState(fold.state, rule, this.alsSettings, { workers, signal });
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
