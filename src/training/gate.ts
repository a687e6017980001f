/**
 * The gate: a fitted snapshot is used only if on a later slice, query by query, its lists are better than those of the
 * snapshot in use and than live popularity. Better is a higher NDCG@10; the intervals are paired, over users.
 */
import { type Engine } from '../engine/recommend.js';
import { type Snapshot } from '../engine/snapshot.js';
import { bootstrap, type Difference, meanOf } from '../math/bootstrap.js';
import { METRICS, rankIn } from '../math/list-metrics.js';
import { seededRandom } from '../math/random.js';
import { signed, signedRange } from '../math/signed-text.js';
import { UNLIMITED } from '../pipeline/budget.js';
import { type Baseline } from '../replay/baseline.js';
import { type LivePopularity } from '../replay/live-popularity.js';
import { type Answered } from '../replay/replay.js';

const K = 10;
/** With fewer queries nothing can be told. */
const LEAST_QUERIES = 50;

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
  private readonly users: string[] = [];
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
    this.baselines = [popularity, ...beside];
    this.hits = this.baselines.map(() => 0);
  }

  judge(answered: Answered): void {
    const { ask, inspection, state, target } = answered;
    this.users.push(ask.target.userId);
    const rank = rankIn(inspection.slate.items.subarray(0, K), target);
    this.hr.push(METRICS.hr(rank));
    this.candidate.push(METRICS.ndcg(rank));
    const ranks = this.baselines.map((baseline) => rankIn(baseline.best(K, answered, inspection.keeps), target));
    ranks.forEach((baselineRank, at) => (this.hits[at]! += METRICS.hr(baselineRank)));
    this.live.push(METRICS.ndcg(ranks[0]!));
    if (this.current === null) return;
    const query = { ...inspection.slate.asked.query, startBudget: UNLIMITED };
    const { slate } = this.engine.inspect(query, state, this.current);
    this.inUse.push(METRICS.ndcg(rankIn(slate.items.subarray(0, K), target)));
  }

  result(seed: number): GateResult {
    const columns = this.current === null ? [this.candidate, this.live] : [this.candidate, this.live, this.inUse];
    const resampled = bootstrap(this.users, columns, seededRandom(seed));
    return {
      queries: this.users.length,
      candidate: { hr: meanOf(this.hr), ndcg: resampled.mean(0) },
      baselines: Object.fromEntries(
        this.baselines.map(({ name }, at) => [name, this.hits[at]! / Math.max(1, this.users.length)]),
      ),
      overLivePopularity: resampled.difference(0, 1),
      overCurrent: this.current === null ? null : resampled.difference(0, 2),
    };
  }
}

export interface Verdict {
  readonly accepted: boolean;
  readonly reason: string;
}

export interface VerdictOptions {
  /** The store is empty, and something is better than nothing. */
  readonly isFirst: boolean;
  /** Which one was compared with, if not the one that the store names, and why; part of the reason. */
  readonly instead: string | null;
}

/**
 * Better in the mean is enough, though the interval may hold zero: a training that adds a few hours is seldom clearly better, and
 * waiting for it would let factors and weights grow old. What is clearly worse has a mean below zero, and never passes.
 */
export function verdict(result: GateResult, { isFirst, instead }: VerdictOptions): Verdict {
  if (isFirst) return { accepted: true, reason: 'the first snapshot' };
  const { accepted, reason } = compared(result);
  return { accepted, reason: instead === null ? reason : `${reason}; ${instead}` };
}

function compared({ queries, overLivePopularity, overCurrent }: GateResult): Verdict {
  if (queries < LEAST_QUERIES) {
    const reason = `${queries} clicks to judge by since the data of the snapshot in use end; ${LEAST_QUERIES} are needed`;
    return { accepted: false, reason };
  }
  // Not `<= 0`: what is no number is no gain.
  if (!(overLivePopularity.mean > 0))
    return { accepted: false, reason: text('no better than live popularity', overLivePopularity) };
  if (overCurrent !== null && !(overCurrent.mean > 0)) {
    return { accepted: false, reason: text('no better than the snapshot in use', overCurrent) };
  }
  const reason = text('better than live popularity', overLivePopularity);
  return {
    accepted: true,
    reason: overCurrent === null ? reason : `${reason}, ${text('than the one in use', overCurrent)}`,
  };
}

function text(what: string, difference: Difference): string {
  return `${what}: NDCG@${K} ${signed(difference.mean)} (95 % ${signedRange(difference)})`;
}
