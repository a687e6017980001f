/**
 * How many points of cost a client may spend in a minute: limits of fields count how often, and one operation that is as costly as
 * allowed makes as much work as a thousand. Back-ends and operators spend what they like: they ask for many users.
 */
import { ApiError } from '../../resolvers/errors.js';
import { type RequestContext } from '../context.js';
import { hasAny } from '../identity/caller.js';
import { TRUSTED } from '../identity/limit-key.js';
import { askAgain } from './ask-again.js';
import { type LmdbCounters } from './lmdb-counters.js';

/** Told of an operation's cost before it runs. @throws ApiError RATE_LIMITED */
export type Spend = (context: RequestContext, points: number) => void;

const WINDOW_MS = 60_000;

/** @param most points a minute, of each client */
export function costBudget(most: number, counters: LmdbCounters, clock: () => number): Spend {
  return (context, points) => {
    if (hasAny(context.caller, TRUSTED)) return;
    const { value, endsAt } = counters.add(`cost ${context.limitKey}`, points, WINDOW_MS);
    if (value <= most) return;
    const wait = askAgain(context, endsAt - clock());
    throw new ApiError('RATE_LIMITED', `operations of ${most} points a minute are allowed; ask again in ${wait} s`);
  };
}
