/**
 * What is popular now among readers like this one: shares of the clicks within the scopes that fit the context, at several
 * half-lives, mixed by weights that shrink where a scope has seen little. A narrow scope at a short half-life speaks when
 * it has evidence, the wide and slow ones otherwise.
 */
import { type CounterTable } from '../../state/counter-table.js';
import { type LiveState } from '../../state/live-state.js';
import { type ResolvedQuery } from '../query.js';
import { bestItems, type Retrieved, type Source } from '../source.js';

/** Clicks that a scope must have seen to count for half its weight. */
export const EVIDENCE = 30;
/** Of each ready list. */
const LIST = 60;
/** Of the list without decay: with it the quota is reached on a quiet site too. */
const DEEP_LIST = 1_000;

export interface ScopeShare {
  readonly scope: string;
  readonly table: CounterTable;
  readonly half: number;
  readonly weight: number;
}

/** The scopes that speak for this query and the weight of each; the weights add up to 1, and there is none before the first click. */
export function scopeShares(
  { codes, place, asOf, weights }: Pick<ResolvedQuery, 'codes' | 'place' | 'asOf' | 'weights'>,
  state: LiveState,
): readonly ScopeShare[] {
  const { popularity } = state;
  const { global, halfLivesMs, lifetime } = popularity;
  if (global === null) return [];
  const tables = popularity.lookup(codes, place);
  const shares: ScopeShare[] = [];
  let sum = 0;
  for (const { scope, halfLifeMs, weight } of weights.popularity) {
    const table = tables[popularity.scopes.findIndex(({ name }) => name === scope)] ?? null;
    const half = popularity.halfLivesMs.indexOf(halfLifeMs);
    if (table === null || half === -1) continue;
    const evidence = table.evidence(half, asOf);
    const trusted = (weight * evidence) / (evidence + EVIDENCE);
    sum += trusted;
    shares.push({ scope, table, half, weight: trusted });
  }
  // After a long silence one click would be all there is: the less the slowest counter holds, the more all of the past says.
  const recent = global.evidence(halfLivesMs.length - 1, asOf);
  const trust = sum > 0 ? recent / (recent + EVIDENCE) : 0;
  const decayed = sum > 0 ? shares.map((share) => ({ ...share, weight: (trust * share.weight) / sum })) : [];
  return [...decayed, { scope: 'all', table: global, half: lifetime, weight: 1 - trust }];
}

export const popularity: Source = {
  name: 'POPULARITY',

  retrieve(query, world, { quota, budget }): Retrieved {
    const shares = scopeShares(query, world.state);
    // What is scored once is looked up when the candidates of all sources are scored.
    const known = world.workspace.scores.POPULARITY;
    known.reset(world.state.items.count);
    const found: number[] = [];
    const mixture = (item: number): number => {
      let sum = 0;
      for (const { table, half, weight } of shares) sum += weight * table.share(item, half);
      return sum;
    };
    const take = (item: number): void => {
      if (known.has(item)) return;
      known.set(item, mixture(item));
      found.push(item);
    };
    const score = (item: number): number => (known.has(item) ? known.get(item, 0) : mixture(item));
    let cut = false;
    for (const { table, half } of shares) {
      cut ||= budget.exceeded();
      if (!cut) table.best(half, LIST).forEach(take);
    }
    if (found.length < quota) {
      const { global, lifetime } = world.state.popularity;
      global?.best(lifetime, DEEP_LIST).forEach(take);
    }
    return { items: bestItems(found, score, quota), score, cut };
  },
};
