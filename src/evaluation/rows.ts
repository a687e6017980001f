/** Sums over judged queries. */
import { type Judged } from './tally.js';

/** How many of the rows hold the clicked item in the system's list. */
export function rankedBy(rows: readonly Judged[], system: number): number {
  return rows.reduce((sum, { ranks }) => sum + (ranks[system]! > 0 ? 1 : 0), 0);
}
