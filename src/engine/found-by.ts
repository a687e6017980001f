/** Which stages brought an item onto a slate: the sources that retrieved it, or the one that filled the list in. */
import { type Slate } from './slate.js';
import { type StageName } from './stage-name.js';

/** @param at place on the slate, from 0 */
export function foundBy(
  { sources, backfilledFrom }: Pick<Slate, 'sources' | 'backfilledFrom'>,
  at: number,
): StageName[] {
  if (at >= backfilledFrom) return ['BACKFILL'];
  return sources.filter(({ ranks }) => ranks[at]! > 0).map(({ name }) => name);
}
