/**
 * Lets subscriptions through where values can be sent one after the other, and nothing else there: queries and mutations have their
 * route. What passes has passed every check that operations pass; nothing is executed here.
 */
import { HeaderMap } from '@apollo/server';
import { ApiError } from '../../resolvers/errors.js';
import { type OperationHooks } from './operation-hooks.js';

const NO_HEADERS = new HeaderMap();

export const subscriptionGate: OperationHooks = {
  didResolveOperation({ operation, contextValue: { stream } }) {
    // Without a name among several operations there is none, and the answer says so.
    if (operation === undefined) return;
    const isSubscription = operation.operation === 'subscription';
    if (isSubscription && stream === undefined) {
      throw new ApiError('WRONG_TRANSPORT', 'subscribe at /graphql/stream (SSE) or over a WebSocket');
    }
    if (!isSubscription && stream !== undefined) {
      throw new ApiError('WRONG_TRANSPORT', `a ${operation.operation} goes to /graphql by POST or GET`);
    }
  },
  responseForOperation({ schema, document, operation, operationName, request, contextValue: { stream } }) {
    // Apollo types it as always there.
    if (stream === undefined || (operation as typeof operation | undefined) === undefined) return null;
    stream.accepted = { schema, document, operationName, variableValues: request.variables };
    return { http: { headers: NO_HEADERS }, body: { kind: 'single', singleResult: { data: null } } };
  },
};
