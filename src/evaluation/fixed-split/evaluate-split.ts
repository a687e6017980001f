/**
 * Judges a model on a fixed split: every user with a test item gets a list of k out of all items that are not in the
 * user's train line. Recall@k and NDCG@k are means over those users; see `ranking-metrics.ts` for their definitions.
 */
import { rankingMetrics } from '../../math/ranking-metrics.js';
import { type Pairs, type Split } from './read-split.js';

/** Lists of `users.length` x k item indexes, best first, without the items of the user's train line; -1 is no item. */
export type Rank = (users: Int32Array, k: number) => Promise<Int32Array>;

export interface SplitMetrics {
  readonly recall: number;
  readonly ndcg: number;
  /** Users with a test item. */
  readonly users: number;
  /** Part of the catalogue that stands on at least one list. */
  readonly coverage: number;
}

export async function evaluateSplit({ test, itemIds }: Split, k: number, rank: Rank): Promise<SplitMetrics> {
  const withheld = itemsOf(test);
  const users = Int32Array.from(withheld.keys());
  const ranked = await rank(users, k);
  let recall = 0;
  let ndcg = 0;
  users.forEach((user, at) => {
    const metrics = rankingMetrics(ranked, withheld.get(user)!, { from: at * k, k });
    recall += metrics.recall;
    ndcg += metrics.ndcg;
  });
  const shown = new Set(ranked);
  shown.delete(-1);
  return {
    recall: recall / users.length,
    ndcg: ndcg / users.length,
    users: users.length,
    coverage: shown.size / itemIds.length,
  };
}

function itemsOf({ users, items }: Pairs): Map<number, Set<number>> {
  const byUser = new Map<number, Set<number>>();
  users.forEach((user, at) => {
    const own = byUser.get(user);
    if (own === undefined) byUser.set(user, new Set([items[at]!]));
    else own.add(items[at]!);
  });
  return byUser;
}
