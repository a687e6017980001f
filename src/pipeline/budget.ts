/** How long a run may take. Stages run synchronously, so they ask between and inside their chunks whether to go on. */

/** The time of a run that has begun. */
export interface Budget {
  readonly exceeded: () => boolean;
  /** Whether nobody waits for the run any more; without it, somebody does. */
  readonly cancelled?: () => boolean;
}

/** Begins a run: its time counts from this call, however long it waited behind the other runs of its batch. */
export type StartBudget = () => Budget;

/** No limit: what a replay uses, so that its answers don't depend on the machine. */
export const UNLIMITED: StartBudget = () => ({ exceeded: () => false });

/** A run is over its budget `limitMs` after it began, by the clock given (ms). */
export function budgetOf(limitMs: number, clock: () => number): StartBudget {
  return () => {
    const end = clock() + limitMs;
    return { exceeded: () => clock() > end };
  };
}
