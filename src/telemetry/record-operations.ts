/**
 * Tells the listeners of every operation that Apollo answered, however it was executed or refused. Of a subscription Apollo only
 * checks whether it may be opened: who opens it tells the rest, when it is open or refused, and when it is over. It comes after the
 * hooks that set the status of an answer.
 */
import { type OperationHooks } from '../graphql/operation-hooks.js';
import { type Course, type OperationListener, verdictOf } from './operation-record.js';
import { shortName } from './short-name.js';

export function recordOperations(listeners: readonly OperationListener[]): OperationHooks {
  const starts = new WeakMap<object, number>();
  return {
    requestDidStart({ request }) {
      starts.set(request, performance.now());
    },
    willSendResponse({ request, operation, operationName, queryHash, contextValue, response: { body, http } }) {
      const { trail, caller, stream } = contextValue;
      const operationOf = {
        requestId: trail.requestId,
        caller: caller.name,
        callerUser: caller.userId,
        name: shortName(operationName),
        type: operation?.operation ?? null,
        documentHash: queryHash ?? null,
        status: stream === undefined ? (http.status ?? 200) : null,
        traceparent: trail.traceparent,
        lists: trail.lists,
      };
      const record = ({ phase, errors, users }: Course): void => {
        trail.recorded++;
        const durationMs = performance.now() - starts.get(request)!;
        const whole = { ...operationOf, phase, ...verdictOf(errors), durationMs, users };
        for (const listener of listeners) listener(whole);
      };
      if (stream !== undefined && stream.accepted !== null) stream.record = record;
      else {
        const { errors } = body.kind === 'single' ? body.singleResult : body.initialResult;
        record({ phase: null, errors, users: trail.users });
      }
    },
  };
}
