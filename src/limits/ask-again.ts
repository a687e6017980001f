/** Tells a caller beyond a limit when to ask again. */
import { type RequestContext } from '../context.js';

/** Sets `retry-after` and returns it, in whole seconds. */
export function askAgain({ responseHeaders }: RequestContext, waitMs: number): number {
  const seconds = Math.ceil(waitMs / 1_000);
  responseHeaders.set('retry-after', String(seconds));
  return seconds;
}
