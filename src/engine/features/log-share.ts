/** Shares as features: natural logs, for they span many orders of magnitude and their ratios are differences. */
import { logAdd, logStamp } from '../../math/log-domain.js';
import { type CounterTable } from '../../state/counter-table.js';

/** Ln of a share that is as good as none. */
export const NO_SHARE = -15;

/** Clicks that nobody made but that every total holds: a single click is not all that there is. */
const PRIOR = 2;

/** What a log-domain sum is to be divided by (subtracted in logs) to be a smoothed share as of this time. */
export function logDenominator(total: number, asOf: number, halfLifeMs: number): number {
  return logAdd(total, logStamp(PRIOR, halfLifeMs === Infinity ? 0 : asOf, halfLifeMs));
}

/** Ln of one item's share at a half-life, unsmoothed; unknown without a table. */
export function lnShare(table: CounterTable | null, item: number, half: number): number {
  return table === null ? NaN : Math.max(NO_SHARE, Math.log(table.share(item, half)));
}
