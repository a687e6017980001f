/** How long a run may take. Stages run synchronously, so they ask between and inside their chunks whether to go on. */

export interface Budget {
  readonly exceeded: () => boolean;
}

/** No limit: what a replay uses, so that its answers don't depend on the machine. */
export const UNLIMITED: Budget = { exceeded: () => false };

/** Exceeded `limitMs` after this call, by the clock given (ms). */
export function budgetOf(limitMs: number, clock: () => number): Budget {
  const end = clock() + limitMs;
  return { exceeded: () => clock() > end };
}
