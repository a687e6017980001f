/**
 * Fills a list that the sources left short, out of the whole catalogue: what has been clicked most, ever, then the youngest, then the lowest index. It needs no source, so it is also what is left when all of them fail.
 */
import { topK } from '../../math/top-k.js';
import { type LiveState } from '../../state/live-state.js';
import { type ItemPredicate } from '../item-filter.js';

/** At most `count` items that the predicate keeps, best first. */
export function backfill(state: LiveState, count: number, keeps: ItemPredicate): Int32Array {
  if (count <= 0) return new Int32Array(0);
  const { global, lifetime } = state.popularity;
  const youngestFirst = state.items.youngest(Infinity, keeps);
  const shares = Float64Array.from(youngestFirst, (item) => global?.share(item, lifetime) ?? 0);
  return topK(shares, shares.length, count).map((at) => youngestFirst[at]!);
}
