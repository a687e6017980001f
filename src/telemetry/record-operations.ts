/**
 * Tells the listeners of every operation that Apollo answered, however it was executed or refused. Of a subscription Apollo only
 * checks whether it may be opened: who opens it tells the rest, when it is open or refused, and when it is over.
 */
import { type ApolloServerPlugin } from '@apollo/server';
import { type RequestContext } from '../context.js';
import { type Course, type OperationListener, verdictOf } from './operation-record.js';
import { shortName } from './short-name.js';

export function recordOperations(listeners: readonly OperationListener[]): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart() {
      const startedAt = performance.now();
      return Promise.resolve({
        willSendResponse({ operation, operationName, queryHash, contextValue, response: { body } }) {
          const { trail, caller, stream } = contextValue;
          const operationOf = {
            requestId: trail.requestId,
            caller: caller.name,
            callerUser: caller.userId,
            name: shortName(operationName),
            type: operation?.operation ?? null,
            documentHash: queryHash ?? null,
          };
          const record = ({ phase, errors, users }: Course): void => {
            trail.recorded++;
            const durationMs = performance.now() - startedAt;
            const whole = { ...operationOf, phase, ...verdictOf(errors), durationMs, users };
            for (const listener of listeners) listener(whole);
          };
          if (stream !== undefined && stream.accepted !== null) stream.record = record;
          else {
            const { errors } = body.kind === 'single' ? body.singleResult : body.initialResult;
            record({ phase: null, errors, users: trail.users });
          }
          return Promise.resolve();
        },
      });
    },
  };
}
