/** Tells the listeners of every operation that Apollo answered, however it was executed or refused. */
import { type ApolloServerPlugin } from '@apollo/server';
import { type RequestContext } from '../context.js';
import { type OperationListener, verdictOf } from './operation-record.js';
import { shortName } from './short-name.js';

export function recordOperations(listeners: readonly OperationListener[]): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart() {
      const startedAt = performance.now();
      return Promise.resolve({
        willSendResponse({ operation, operationName, queryHash, contextValue, response: { body } }) {
          const { trail, caller } = contextValue;
          trail.recorded++;
          const { errors } = body.kind === 'single' ? body.singleResult : body.initialResult;
          const record = {
            requestId: trail.requestId,
            caller: caller.name,
            name: shortName(operationName),
            type: operation?.operation ?? null,
            documentHash: queryHash ?? null,
            ...verdictOf(errors),
            durationMs: performance.now() - startedAt,
            users: trail.users,
          };
          for (const listener of listeners) listener(record);
          return Promise.resolve();
        },
      });
    },
  };
}
