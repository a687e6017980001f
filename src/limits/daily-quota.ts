/** How many operations a caller has in a UTC day. */
import { ApiError } from '../../resolvers/errors.js';
import { type RequestContext } from '../context.js';
import { type OperationHooks } from '../graphql/operation-hooks.js';
import { askAgain } from './ask-again.js';
import { type Count, type Counters } from './counters.js';

const DAY_MS = 86_400_000;

/** @param most operations a day, of each caller */
export function dailyQuota(most: number, counters: Counters): OperationHooks {
  const demand = (context: RequestContext, { value, endsInMs }: Count): void => {
    if (value <= most) return;
    askAgain(context, endsInMs);
    throw new ApiError('QUOTA_EXCEEDED', `${most} operations a day are allowed; the next day begins at 00:00 UTC`);
  };
  return {
    didResolveOperation({ contextValue }) {
      const count = counters.add(`day ${contextValue.limitKey}`, 1, DAY_MS);
      return count instanceof Promise
        ? count.then((later) => demand(contextValue, later))
        : demand(contextValue, count);
    },
  };
}
