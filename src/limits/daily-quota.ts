/** How many operations a caller has in a UTC day. */
import { type ApolloServerPlugin, type GraphQLRequestListener } from '@apollo/server';
import { ApiError } from '../../resolvers/errors.js';
import { type RequestContext } from '../context.js';
import { type LmdbCounters } from './lmdb-counters.js';

const DAY_MS = 86_400_000;

/** @param most operations a day, of each key, issuer's user or address */
export function dailyQuota(
  most: number,
  counters: LmdbCounters,
  clock: () => number,
): ApolloServerPlugin<RequestContext> {
  const listener: GraphQLRequestListener<RequestContext> = {
    async didResolveOperation({ contextValue: { caller, limitKey, responseHeaders } }) {
      const { value, endsAt } = counters.add(`day ${limitKey} ${caller.userId ?? ''}`, 1, DAY_MS);
      if (value <= most) return;
      responseHeaders.set('retry-after', String(Math.ceil((endsAt - clock()) / 1_000)));
      throw new ApiError('QUOTA_EXCEEDED', `${most} operations a day are allowed; the next day begins at 00:00 UTC`);
    },
  };
  return { requestDidStart: () => Promise.resolve(listener) };
}
