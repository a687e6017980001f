/**
 * Warns of what anybody can cause: the first time at once, and then once a minute at most, telling how often it was since. Each time
 * has a line of level debug, so that nothing is hidden from who looks for it.
 */
import { type Logger } from 'pino';

export interface RareWarningParts {
  readonly logger: Logger;
  readonly message: string;
  /** Monotonic, ms. */
  readonly clock: () => number;
}

const EVERY_MS = 60_000;

/** @returns to be called each time, with what is to be told of it */
export function rareWarning({ logger, message, clock }: RareWarningParts): (fields: object) => void {
  let warnedAt = -Infinity;
  let untold = 0;
  return (fields) => {
    if (clock() - warnedAt < EVERY_MS) {
      untold++;
      logger.debug(fields, message);
      return;
    }
    logger.warn({ ...fields, before: untold }, message);
    warnedAt = clock();
    untold = 0;
  };
}
