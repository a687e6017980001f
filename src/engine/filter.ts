/** The contract of a filter: made ready for one query, it says of any item whether it stays. It never fails open. */
import { type Removal } from '../pipeline/trace.js';
import { type ItemPredicate } from './item-filter.js';
import { type ResolvedQuery } from './query.js';
import { type World } from './source.js';

export interface Filter {
  readonly name: string;
  /** The predicate for this query; null where it keeps everything. */
  prepare(query: ResolvedQuery, world: World): ItemPredicate | null;
}

/** The filters that have something to say about this query, ready to be asked. An error here fails the query. */
export function prepareFilters(filters: readonly Filter[], query: ResolvedQuery, world: World): readonly ReadyFilter[] {
  return filters.flatMap((filter) => {
    const keeps = filter.prepare(query, world);
    return keeps === null ? [] : [{ name: filter.name, keeps }];
  });
}

export interface ReadyFilter {
  readonly name: string;
  readonly keeps: ItemPredicate;
}

/** Places of the items that all filters keep, and how many each filter, in its turn, removed. */
export function partition(
  items: Int32Array,
  filters: readonly ReadyFilter[],
): { kept: Int32Array; removed: Removal[] } {
  const counts = filters.map(() => 0);
  const kept: number[] = [];
  for (let place = 0; place < items.length; place++) {
    const by = filters.findIndex(({ keeps }) => !keeps(items[place]!));
    if (by === -1) kept.push(place);
    else counts[by]!++;
  }
  const removed = filters.map(({ name }, at) => ({ filter: name, count: counts[at]! }));
  return { kept: Int32Array.from(kept), removed: removed.filter(({ count }) => count > 0) };
}
