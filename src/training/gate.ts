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

/** One system on the slice, paired with others query by query. */
export interface Judged {
  readonly hr: number;
  readonly ndcg: number;
  readonly overLivePopularity: Difference;
  /** Null where no snapshot was in use. */
  readonly overCurrent: Difference | null;
}

export interface GateResult {
  readonly queries: number;
  /** As it is to be published: with its ranker only where that makes the lists better. */
  readonly candidate: Judged;
  /** The ranker against the same snapshot without it; null where none was fitted. */
  readonly ranker: { readonly kept: boolean; readonly overBlend: Difference } | null;
  /** Hit rate of live popularity and of what was set beside it, by name. */
  readonly baselines: Readonly<Record<string, number>>;
}

export interface GateParts {
  readonly engine: Engine;
  /** The snapshot in use, or null. */
  readonly current: Snapshot | null;
  /** The candidate without its ranker; null where it has none. */
  readonly blend: Snapshot | null;
  readonly popularity: LivePopularity;
  /** Set beside it in the figures; they decide nothing. */
  readonly baselines: readonly Baseline[];
}

/** Judges every query of the slice; the candidate is what the replay itself asks with. */
export class Gate {
  private readonly users: string[] = [];
  private readonly candidate: Column = { hr: [], ndcg: [] };
  private readonly blend: Column = { hr: [], ndcg: [] };
  private readonly current: Column = { hr: [], ndcg: [] };
  private readonly baselines: readonly Baseline[];
  private readonly columns: readonly Column[];

  constructor(private readonly parts: GateParts) {
    this.baselines = [parts.popularity, ...parts.baselines];
    this.columns = this.baselines.map(() => ({ hr: [], ndcg: [] }));
  }

  judge(answered: Answered): void {
    const { ask, inspection, target } = answered;
    const { current, blend } = this.parts;
    this.users.push(ask.target.userId);
    add(this.candidate, inspection.slate.items, target);
    this.baselines.forEach((baseline, at) =>
      add(this.columns[at]!, baseline.best(K, answered, inspection.keeps), target),
    );
    if (blend !== null) add(this.blend, this.listWith(blend, answered), target);
    if (current !== null) add(this.current, this.listWith(current, answered), target);
  }

  result(seed: number): GateResult {
    const { users, candidate, blend, current, columns, parts } = this;
    const [live] = columns;
    const compared = [candidate, live!, ...(parts.current === null ? [] : [current])];
    const judged = (system: Column): Judged => {
      const ndcgs = [system, ...compared.slice(1)].map(({ ndcg }) => ndcg);
      const resampled = bootstrap(users, ndcgs, seededRandom(seed));
      return {
        hr: meanOf(system.hr),
        ndcg: resampled.mean(0),
        overLivePopularity: resampled.difference(0, 1),
        overCurrent: parts.current === null ? null : resampled.difference(0, 2),
      };
    };
    const baselines = this.baselines.map(({ name }, at) => [name, meanOf(columns[at]!.hr)] as const);
    const common = { queries: users.length, baselines: Object.fromEntries(baselines) };
    if (parts.blend === null) return { ...common, candidate: judged(candidate), ranker: null };
    const overBlend = bootstrap(users, [candidate.ndcg, blend.ndcg], seededRandom(seed)).difference(0, 1);
    const kept = users.length >= LEAST_QUERIES && overBlend.mean > 0;
    return { ...common, candidate: judged(kept ? candidate : blend), ranker: { kept, overBlend } };
  }

  /** What the snapshot would have answered. */
  private listWith(snapshot: Snapshot, { inspection, state }: Answered): ArrayLike<number> {
    const query = { ...inspection.slate.asked.query, startBudget: UNLIMITED };
    return this.parts.engine.inspect(query, state, snapshot).slate.items;
  }
}

/** Figures of one system, one a query. */
interface Column {
  readonly hr: number[];
  readonly ndcg: number[];
}

function add({ hr, ndcg }: Column, items: ArrayLike<number>, target: number): void {
  const found = rankIn(items, target);
  const rank = found > K ? 0 : found;
  hr.push(METRICS.hr(rank));
  ndcg.push(METRICS.ndcg(rank));
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

function compared({ queries, candidate: { overLivePopularity, overCurrent } }: GateResult): Verdict {
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
