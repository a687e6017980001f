/**
 * What joins the pipeline of operations, as one plugin of Apollo's. Apollo asks every plugin at every step and waits for a promise
 * of each, which for a dozen of them costs more than all that they do; here they are asked one after the other, and a
 * promise is waited for where there is one. The first that refuses is the last that is asked.
 */
import {
  type ApolloServerPlugin,
  type GraphQLRequestContext,
  type GraphQLRequestContextDidEncounterErrors,
  type GraphQLRequestContextDidResolveOperation,
  type GraphQLRequestContextResponseForOperation,
  type GraphQLRequestContextWillSendResponse,
  type GraphQLRequestListener,
  type GraphQLResponse,
} from '@apollo/server';
import { type RequestContext } from '../context.js';

type Awaitable<T> = T | Promise<T>;

/** The steps of an operation, as Apollo names them. */
export interface OperationHooks {
  /** Before anything is known of the operation; may change the request. Must not throw. */
  requestDidStart?(operation: GraphQLRequestContext<RequestContext>): void;
  /** The document is valid. @throws ApiError where the operation is refused */
  didResolveOperation?(operation: GraphQLRequestContextDidResolveOperation<RequestContext>): Awaitable<void>;
  /** The answer, instead of the execution; null: leaves it to the next. */
  responseForOperation?(
    operation: GraphQLRequestContextResponseForOperation<RequestContext>,
  ): Awaitable<GraphQLResponse | null>;
  didEncounterErrors?(operation: GraphQLRequestContextDidEncounterErrors<RequestContext>): void;
  /** May change the answer. */
  willSendResponse?(operation: GraphQLRequestContextWillSendResponse<RequestContext>): void;
}

const DONE = Promise.resolve();

export function pluginOf(all: readonly OperationHooks[]): ApolloServerPlugin<RequestContext> {
  const starting = all.filter(({ requestDidStart }) => requestDidStart !== undefined);
  const resolved = all.filter(({ didResolveOperation }) => didResolveOperation !== undefined);
  const answering = all.filter(({ responseForOperation }) => responseForOperation !== undefined);
  const failing = all.filter(({ didEncounterErrors }) => didEncounterErrors !== undefined);
  const sending = all.filter(({ willSendResponse }) => willSendResponse !== undefined);
  const listener: GraphQLRequestListener<RequestContext> = {
    async didResolveOperation(operation) {
      for (const hooks of resolved) {
        const done = hooks.didResolveOperation!(operation);
        if (done !== undefined) await done;
      }
    },
    async responseForOperation(operation) {
      for (const hooks of answering) {
        const answered = hooks.responseForOperation!(operation);
        const response = answered instanceof Promise ? await answered : answered;
        if (response !== null) return response;
      }
      return null;
    },
    didEncounterErrors(operation) {
      for (const hooks of failing) hooks.didEncounterErrors!(operation);
      return DONE;
    },
    willSendResponse(operation) {
      for (const hooks of sending) hooks.willSendResponse!(operation);
      return DONE;
    },
  };
  const listening = Promise.resolve(listener);
  return {
    requestDidStart(operation) {
      for (const hooks of starting) hooks.requestDidStart!(operation);
      return listening;
    },
  };
}
