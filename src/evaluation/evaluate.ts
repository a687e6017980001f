/**
 * Evaluation by replay: every sampled click of the window is asked for at its own time, over the full catalogue, and each
 * system's list is judged by whether it holds what was clicked next.
 */
import { type EventSource } from '../events/event-source.js';
import { createEngine, type Engine } from '../engine/recommend.js';
import { type Scenario } from '../engine/scenario.js';
import { type UserRecords } from '../profiles/user-records.js';
import { type Baseline } from '../replay/baseline.js';
import { Fold } from '../replay/fold.js';
import { type FoldCache, foldFrom, keepFold } from '../replay/fold-cache.js';
import { type AskWindow, isSampled, planAsks } from '../replay/plan-asks.js';
import { type Answered, replay, type ReplayFigures } from '../replay/replay.js';
import { type SnapshotTimeline } from '../replay/snapshot-timeline.js';
import { LiveState } from '../state/live-state.js';
import { type StateSettings } from '../state/state-settings.js';
import { LivePopularity } from '../replay/live-popularity.js';
import { rankIn } from '../math/list-metrics.js';
import { type Quality, quality } from './report.js';
import { UNLIMITED } from '../pipeline/budget.js';
import { type RankerFigures, RankerTally } from './ranker-tally.js';
import { ablatedLists, ENGINE_SYSTEMS, engineLists, silentScenario, type SystemList } from './systems.js';
import { type Judged, Tally } from './tally.js';

export interface EvaluationOptions extends AskWindow {
  readonly source: EventSource;
  readonly settings: StateSettings;
  readonly records: UserRecords;
  readonly scenario: Scenario;
  readonly snapshots: SnapshotTimeline;
  readonly refusedSnapshots: readonly { readonly id: string; readonly dataUntil: number; readonly code: string }[];
  /** Length of the lists that are judged. */
  readonly k: number;
  /** Folder for folds to begin at the next time; null: none are kept. */
  readonly cacheFolder: string | null;
  readonly baselines: readonly Baseline[];
  /** Monotonic, ms. */
  readonly clock: () => number;
  readonly onProgress: (progress: EvaluationProgress) => void;
  readonly onProblem: (message: string) => void;
}

export interface EvaluationProgress {
  readonly stage: 'reading' | 'folding' | 'asking';
  readonly events: number;
  readonly asked: number;
  readonly toAsk: number;
}

export interface Evaluation extends Quality {
  readonly k: number;
  readonly window: AskWindow;
  readonly scenario: string;
  readonly queries: number;
  /** Clicks of the window that were not judged, by reason. */
  readonly unscored: { readonly seen: number };
  /** Judged as misses: not in the catalogue when the list was asked for. */
  readonly unborn: number;
  /** Of the learned ranker; null where none ordered a list. */
  readonly ranker: RankerFigures | null;
  /** Snapshots used, and by how many queries; `none` stands for no snapshot. */
  readonly snapshots: Readonly<Record<string, number>>;
  /** Snapshots that were not used, for they know what was asked for. */
  readonly refusedSnapshots: EvaluationOptions['refusedSnapshots'];
  readonly fold: { readonly events: number; readonly seconds: number; readonly eventsPerSecond: number };
  readonly serve: { readonly queries: number; readonly seconds: number; readonly perSecond: number };
}

/**
 * Lists, chosen at random, for which sources are asked that the weights turn off: a scan of all items takes longer than the
 * rest of a list. Such a source is judged on these lists.
 */
const APART_LISTS = 5_000;
/** Added to the seed, so that the sample within the sample is another one. */
const APART_SEED = 1;

export async function evaluate(options: EvaluationOptions): Promise<Evaluation> {
  const { source, settings, records, onProgress, onProblem } = options;
  onProgress({ stage: 'reading', events: 0, asked: 0, toAsk: 0 });
  const asks = await planAsks(source, settings, options);
  const livePopularity = (): LivePopularity => new LivePopularity(settings.weights);
  let popularity = livePopularity();
  const makeFold = (): Fold => {
    popularity = livePopularity();
    return new Fold(new LiveState(settings, records), [popularity]);
  };
  const cache: FoldCache | null =
    options.cacheFolder === null ? null : { folder: options.cacheFolder, source, key: popularity.name };
  const firstAsk = asks[0]?.after ?? 0;
  const fold = cache === null ? makeFold() : await foldFrom(cache, firstAsk, makeFold, onProblem);
  const startedAt = fold.position;

  const engine = createEngine({ clock: options.clock });
  const judge = new Judge(options, popularity, engine, APART_LISTS / Math.max(1, asks.length));
  const figures = await replay({
    source,
    asks,
    fold,
    engine,
    scenario: options.scenario,
    snapshots: options.snapshots,
    clock: options.clock,
    onAnswer: (answered) => judge.judge(answered),
    onReady: async (ready) => {
      if (cache !== null && ready.position > startedAt) await keepFold(cache, ready);
    },
    onProgress: ({ events, asked }) =>
      onProgress({ stage: asked === 0 ? 'folding' : 'asking', events, asked, toAsk: asks.length }),
  });
  return judge.report(figures, fold.state.items.count);
}

/** Judges each list as it comes, and sums up. */
class Judge {
  private readonly tally: Tally;
  private readonly ranker: RankerTally;
  private readonly baselines: readonly Baseline[];
  private readonly snapshots = new Map<string, number>();
  private apartMs = 0;

  constructor(
    private readonly options: EvaluationOptions,
    private readonly popularity: LivePopularity,
    private readonly engine: Engine,
    /** Part of the lists for which sources are asked that the weights turn off. */
    private readonly apartPart: number,
  ) {
    this.baselines = [popularity, ...options.baselines];
    this.ranker = new RankerTally(options.k, options.seed);
    this.tally = new Tally([...ENGINE_SYSTEMS, ...this.baselines.map(({ name }) => name)]);
  }

  judge(answered: Answered): void {
    const { k } = this.options;
    const { ask, target, state, snapshot, inspection } = answered;
    const ablated = ablatedLists(answered, k).map((list) => rankIn(list, target));
    const sampled = isSampled(ask.target, this.apartPart, this.options.seed + APART_SEED);
    const own = engineLists(answered, k);
    const lists: SystemList[] = [
      ...(sampled ? this.withSilentSources(answered, own) : own),
      ...this.baselines.map((baseline) => baseline.best(k, answered, inspection.keeps)),
    ];
    this.apart(() => this.ranker.add(answered));
    const [user] = state.users.read([ask.target.userId], state.position);
    const judged: Judged = {
      userId: ask.target.userId,
      slice: !ask.isStart ? 'next' : inspection.slate.segment === 'COLD' ? 'coldStart' : 'warmStart',
      ranks: lists.map((list) => (list === null ? null : rankIn(list, target))),
      isSampled: sampled,
      ablated,
      at: ask.target.at,
      historyLength: user?.history.length ?? 0,
      itemAgeMs: target === -1 ? null : Math.max(0, ask.now - state.items.bornAt(target)),
      region: ask.context?.region ?? null,
    };
    this.tally.add(judged, lists, state, this.popularity.clicks);
    const used = snapshot?.id ?? 'none';
    this.snapshots.set(used, (this.snapshots.get(used) ?? 0) + 1);
  }

  /** The lists, with those of sources that the weights turn off asked for apart: this is no part of serving, nor of its time. */
  private withSilentSources(answered: Answered, lists: readonly SystemList[]): readonly SystemList[] {
    const { inspection, state, snapshot } = answered;
    const { k } = this.options;
    const silent = silentScenario(inspection);
    if (silent === null) return lists;
    const query = { ...inspection.slate.asked.query, scenario: silent, startBudget: UNLIMITED };
    const apart = this.apart(() =>
      engineLists({ ...answered, inspection: this.engine.inspect(query, state, snapshot) }, k),
    );
    return lists.map((list, at) => list ?? apart[at]!);
  }

  /** What is no part of serving, nor of its time. */
  private apart<Result>(run: () => Result): Result {
    const { clock } = this.options;
    const from = clock();
    const result = run();
    this.apartMs += clock() - from;
    return result;
  }

  report({ events, foldMs, queries, queryMs: allMs, seen }: ReplayFigures, catalogue: number): Evaluation {
    const queryMs = allMs - this.apartMs;
    const { k, from, to, sample, seed, scenario } = this.options;
    return {
      k,
      window: { from, to, sample, seed },
      scenario: scenario.name,
      queries,
      unscored: { seen },
      unborn: this.tally.unborn,
      ranker: this.ranker.figures(),
      snapshots: Object.fromEntries(this.snapshots),
      refusedSnapshots: this.options.refusedSnapshots,
      ...quality(this.tally, { catalogue, seed }),
      fold: { events, seconds: foldMs / 1_000, eventsPerSecond: (events * 1_000) / Math.max(1, foldMs) },
      serve: { queries, seconds: queryMs / 1_000, perSecond: (queries * 1_000) / Math.max(1, queryMs) },
    };
  }
}
