/** Asks a service again that may be away for a moment; for what may be done twice without harm, such as reads. */
import { setTimeout as wait } from 'node:timers/promises';
import { RemoteUnavailableError } from './remote-unavailable-error.js';

export interface Persistence {
  /** How long without any success, ms. */
  readonly forMs: number;
  /** Whether the attempt that failed has achieved something, such as a part of what is read. */
  readonly gained?: () => boolean;
}

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_000;

/**
 * Makes attempts, less and less often, until one succeeds or there is no use in it: the last one begins within `forMs` of the
 * first, or of the last that gained something.
 * @throws RemoteUnavailableError, and at once what says that the call was wrong
 */
export async function persist<T>(attempt: () => Promise<T>, { forMs, gained }: Persistence): Promise<T> {
  let until = performance.now() + forMs;
  let waitMs = FIRST_WAIT_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof RemoteUnavailableError)) throw error;
      if (gained?.() === true) {
        until = performance.now() + forMs;
        waitMs = FIRST_WAIT_MS;
      }
      if (performance.now() + waitMs >= until) throw error;
    }
    await wait(waitMs);
    waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
  }
}
