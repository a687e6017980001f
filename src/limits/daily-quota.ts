/** How many operations a caller has in a UTC day. */
import { ApiError } from '../../resolvers/errors.js';
import { type OperationHooks } from '../graphql/operation-hooks.js';
import { askAgain } from './ask-again.js';
import { type LmdbCounters } from './lmdb-counters.js';

const DAY_MS = 86_400_000;

/** @param most operations a day, of each key, issuer's user or address */
export function dailyQuota(most: number, counters: LmdbCounters, clock: () => number): OperationHooks {
  return {
    didResolveOperation({ contextValue }) {
      const { value, endsAt } = counters.add(`day ${contextValue.limitKey}`, 1, DAY_MS);
      if (value <= most) return;
      askAgain(contextValue, endsAt - clock());
      throw new ApiError('QUOTA_EXCEEDED', `${most} operations a day are allowed; the next day begins at 00:00 UTC`);
    },
  };
}
