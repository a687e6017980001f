/**
 * The gate: a fitted snapshot is used only if on a later slice, query by query, its lists are better than those of the
 * snapshot in use and than live popularity. Better is a higher NDCG@10; the intervals are paired, over users.
 */
import { type Engine } from '../engine/recommend.js';
import { type Snapshot } from '../engine/snapshot.js';
import { bootstrap, type Interval } from '../math/bootstrap.js';
import { METRICS, rankIn } from '../math/list-metrics.js';
import { seededRandom } from '../math/random.js';
import { UNLIMITED } from '../pipeline/budget.js';
import { type Baseline } from '../replay/baseline.js';
import { keeperOf } from '../replay/keeper-of.js';
import { type LivePopularity } from '../replay/live-popularity.js';
import { type Answered } from '../replay/replay.js';

const K = 10;
/** With fewer queries nothing can be told. */
const LEAST_QUERIES = 50;

export interface Difference extends Interval {
  readonly mean: number;
}

export interface GateResult {
  readonly queries: number;
  readonly candidate: { readonly hr: number; readonly ndcg: number };
  /** Hit rate of live popularity and of what was set beside it, by name. */
  readonly baselines: Readonly<Record<string, number>>;
  readonly overLivePopularity: Difference;
  /** Null where no snapshot was in use. */
  readonly overCurrent: Difference | null;
}

/** Judges every query of the slice; the candidate is what the replay itself asks with. */
export class Gate {
  private readonly users = new Map<string, number>();
  private readonly userOf: number[] = [];
  private readonly hr: number[] = [];
  private readonly candidate: number[] = [];
  private readonly live: number[] = [];
  private readonly inUse: number[] = [];
  private readonly baselines: readonly Baseline[];
  private readonly hits: number[];

  constructor(
    private readonly engine: Engine,
    private readonly current: Snapshot | null,
    popularity: LivePopularity,
    beside: readonly Baseline[],
  ) {
    const live: Baseline = {
      name: popularity.name,
      best: (count, { state }, keeps) => popularity.best(count, state, keeps),
    };
    this.baselines = [live, ...beside];
    this.hits = this.baselines.map(() => 0);
  }

  judge(answered: Answered): void {
    const { ask, inspection, state, target } = answered;
    const { userId } = ask.target;
    if (!this.users.has(userId)) this.users.set(userId, this.users.size);
    this.userOf.push(this.users.get(userId)!);
    const rank = rankIn(inspection.slate.items.subarray(0, K), target);
    this.hr.push(METRICS.hr(rank));
    this.candidate.push(METRICS.ndcg(rank));
    const keeps = keeperOf(answered);
    const ranks = this.baselines.map((baseline) => rankIn(baseline.best(K, answered, keeps), target));
    ranks.forEach((baselineRank, at) => (this.hits[at]! += METRICS.hr(baselineRank)));
    this.live.push(METRICS.ndcg(ranks[0]!));
    if (this.current === null) return;
    const query = { ...inspection.slate.asked.query, startBudget: UNLIMITED };
    const { slate } = this.engine.inspect(query, state, this.current);
    this.inUse.push(METRICS.ndcg(rankIn(slate.items.subarray(0, K), target)));
  }

  result(seed: number): GateResult {
    const columns = this.current === null ? [this.candidate, this.live] : [this.candidate, this.live, this.inUse];
    const resampled = bootstrap(this.userOf, columns, seededRandom(seed));
    const over = (column: number): Difference => ({
      mean: mean(columns[0]!) - mean(columns[column]!),
      ...resampled.difference(0, column),
    });
    return {
      queries: this.userOf.length,
      candidate: { hr: mean(this.hr), ndcg: mean(this.candidate) },
      baselines: Object.fromEntries(
        this.baselines.map(({ name }, at) => [name, this.hits[at]! / Math.max(1, this.userOf.length)]),
      ),
      overLivePopularity: over(1),
      overCurrent: this.current === null ? null : over(2),
    };
  }
}

export interface Verdict {
  readonly accepted: boolean;
  readonly reason: string;
}

/** `isFirst`: the store is empty, and something is better than nothing. */
export function verdict({ queries, overLivePopularity, overCurrent }: GateResult, isFirst: boolean): Verdict {
  if (isFirst) return { accepted: true, reason: 'the first snapshot' };
  if (queries < LEAST_QUERIES) {
    const reason = `${queries} clicks to judge by since the data of the snapshot in use end; ${LEAST_QUERIES} are needed`;
    return { accepted: false, reason };
  }
  if (overLivePopularity.mean <= 0)
    return { accepted: false, reason: text('no better than live popularity', overLivePopularity) };
  if (overCurrent !== null && overCurrent.mean <= 0) {
    return { accepted: false, reason: text('no better than the snapshot in use', overCurrent) };
  }
  const reason = text('better than live popularity', overLivePopularity);
  return {
    accepted: true,
    reason: overCurrent === null ? reason : `${reason}, ${text('than the one in use', overCurrent)}`,
  };
}

function text(what: string, { mean, low, high }: Difference): string {
  const figure = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
  return `${what}: NDCG@${K} ${figure(mean)} (95 % ${figure(low)} to ${figure(high)})`;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
