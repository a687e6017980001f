/**
 * How many points of cost a client may spend in a minute: limits of fields count how often, and one operation that is as costly as
 * allowed makes as much work as a thousand. Back-ends and operators spend what they like: they ask for many users.
 */
import { ApiError } from '../../resolvers/errors.js';
import { type RequestContext } from '../context.js';
import { hasAny } from '../identity/caller.js';
import { TRUSTED } from '../identity/limit-key.js';
import { askAgain } from './ask-again.js';
import { type Count, type Counters } from './counters.js';

/** Told of an operation's cost before it runs. @throws ApiError RATE_LIMITED */
export type Spend = (context: RequestContext, points: number) => void | Promise<void>;

const WINDOW_MS = 60_000;

/** @param most points a minute, of each client */
export function costBudget(most: number, counters: Counters): Spend {
  const demand = (context: RequestContext, { value, endsInMs }: Count): void => {
    if (value <= most) return;
    const wait = askAgain(context, endsInMs);
    throw new ApiError('RATE_LIMITED', `operations of ${most} points a minute are allowed; ask again in ${wait} s`);
  };
  return (context, points) => {
    if (hasAny(context.caller, TRUSTED)) return;
    const count = counters.add(`cost ${context.limitKey}`, points, WINDOW_MS);
    return count instanceof Promise ? count.then((later) => demand(context, later)) : demand(context, count);
  };
}
