/**
 * First and second derivatives of the objective by each row's score, as whole numbers of two steps: sums over rows are then
 * exact, so that histograms don't depend on the order of rows nor on who adds them up, and what is left of a difference of
 * two is exactly what it should be (cf. Shi et al. 2022, who need far fewer bits).
 */
import { logLoss } from './log-loss.js';
import { crossEntropyNdcg } from './cross-entropy-ndcg.js';
import { meet, type RankerThread } from './ranker-thread.js';
import { type Draw } from './ranker-task.js';

/** Queries that a thread takes at once. */
const QUERY_CHUNK = 16;
/** Bits of a pair's numbers, and of sums that doubles hold exactly. */
const MOST_BITS = 30;
const SUM_BITS = 52;
/** Keeps steps within float32 where derivatives vanish. */
const MOST_EXPONENT = 100;

export interface Steps {
  readonly gradient: number;
  readonly hessian: number;
}

/** All threads together; afterwards `memory.pairs` has the drawn queries' rows. */
export function fillPairs(thread: RankerThread, { tree, queries, rows }: Draw): Steps {
  const { memory, kernel, team, worker, laps } = thread;
  const { starts } = memory.train;
  const largest = memory.largest[worker]!;
  largest.fill(0);
  const fill = objectiveOf(thread, tree);
  const [seen, pairs] = [new Float32Array(2), memory.pairs.byteOffset];
  for (const { from, to } of team.chunks(queries, QUERY_CHUNK))
    for (let at = from; at < to; at++) {
      const query = memory.drawn[at]!;
      fill(query);
      kernel.largest(pairs + 8 * starts[query]!, starts[query + 1]! - starts[query]!, largest.byteOffset);
      for (let k = 0; k < 2; k++) seen[k] = Math.max(seen[k]!, largest[k]!);
    }
  largest.set(seen);
  laps.lap('gradients');
  meet(thread);
  const bits = 32 - Math.clz32(rows);
  const countShift = 63 - bits;
  const scales = [Math.min(MOST_BITS, SUM_BITS - bits), Math.min(MOST_BITS, countShift - bits)].map((wanted, k) => {
    const most = Math.max(...memory.largest.map((of) => of[k]!));
    return most === 0 ? 1 : 2 ** Math.min(MOST_EXPONENT, wanted - Math.ceil(Math.log2(most)));
  });
  const [gradient, hessian] = [scales[0]!, scales[1]!];
  for (const { from, to } of team.chunks(queries, QUERY_CHUNK))
    for (let at = from; at < to; at++) {
      const query = memory.drawn[at]!;
      kernel.toWhole(pairs + 8 * starts[query]!, starts[query + 1]! - starts[query]!, gradient, hessian);
    }
  kernel.openTree(countShift);
  laps.lap('gradients');
  meet(thread);
  return { gradient: 1 / gradient, hessian: 1 / hessian };
}

/** Fills in the derivatives of a query's rows. */
function objectiveOf({ memory, kernel, settings, worker }: RankerThread, tree: number): (query: number) => void {
  const { train, weights, order, derivatives, gains, discounts, rooms } = memory;
  const { starts, scores, labels, inverseIdeal } = train;
  const queryOf = (query: number) => {
    const [from, to] = [starts[query]!, starts[query + 1]!];
    return { scores: scores.subarray(from, to), labels: labels.subarray(from, to), weight: weights[query]! };
  };
  const derivativesOf = (query: number): Float32Array =>
    derivatives.subarray(2 * starts[query]!, 2 * starts[query + 1]!);
  if (settings.objective === 'logloss') return (query) => logLoss(queryOf(query), derivativesOf(query));
  if (settings.objective === 'xendcg') {
    return (query) => crossEntropyNdcg(queryOf(query), [settings.seed, tree, query], derivativesOf(query));
  }
  const level = Math.min(settings.truncation, memory.shape.longest);
  const tables = [gains.byteOffset, discounts.byteOffset] as const;
  kernel.openLambdas(level, Number(settings.normalise), ...tables, rooms[worker]!.byteOffset, discounts.length);
  return (query) => {
    const from = starts[query]!;
    kernel.lambdas(
      starts[query + 1]! - from,
      order.byteOffset + 4 * from,
      scores.byteOffset + 8 * from,
      labels.byteOffset + from,
      inverseIdeal[query]!,
      weights[query]!,
      derivatives.byteOffset + 8 * from,
    );
  };
}
