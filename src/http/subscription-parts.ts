/** What both transports of subscriptions are made of: they differ in how values travel and in nothing else. */
import { type ApolloServer } from '@apollo/server';
import { type FastifyRequest } from 'fastify';
import { type Logger } from 'pino';
import { type RequestContext } from '../context.js';
import { type FaultLog } from '../graphql/fault-log.js';
import { type OpenConnections } from '../subscriptions/open-connections.js';
import { type Pace } from '../subscriptions/operation-stream.js';
import { subscribe, type SubscribeParts } from '../subscriptions/subscribe.js';
import { type TellRefusal } from '../telemetry/record-refusals.js';
import { graphqlRequest, type SentOperation } from './graphql-request.js';
import { headersOf } from './graphql-route.js';
import { type RequestSignal } from './request-signal.js';

export interface SubscriptionParts {
  readonly apollo: ApolloServer<RequestContext>;
  /** @throws ApiError where the caller may ask nothing */
  readonly contextOf: (request: FastifyRequest, signal?: RequestSignal) => Promise<RequestContext>;
  /** @throws ApiError where a document must not even be parsed */
  readonly demandDocument: (document: string) => void;
  /** Told of every error before it is masked. */
  readonly tellFault: FaultLog['tell'];
  readonly tellRefusal: TellRefusal;
  readonly connections: OpenConnections;
  /** Subscriptions of one connection, where it can have several. */
  readonly perConnection: number;
  readonly pace: Pace;
  /** Origins whose pages may subscribe, beside the server's own. */
  readonly origins: readonly string[];
  /** For each value, ms. */
  readonly timeoutMs: number;
  readonly logger: Logger;
}

/**
 * Subscribes to what the request asks for; `ready` as `subscribe` has it. However the request came, the operation is a POST: Apollo lets
 * a GET run queries only, for nobody must be made to change anything.
 */
export function subscribeFor(
  { apollo, contextOf, demandDocument, tellFault, pace, timeoutMs }: SubscriptionParts,
  request: FastifyRequest,
  { operation, ready }: { readonly operation: SentOperation; readonly ready: SubscribeParts['ready'] },
): ReturnType<typeof subscribe> {
  return subscribe({
    demandDocument,
    tellFault,
    apollo,
    request: {
      ...graphqlRequest(operation),
      http: { method: 'POST', headers: headersOf(request), search: '', body: undefined },
    },
    pace,
    contextOf: (signal) => contextOf(request, signal),
    timeoutMs,
    ready,
  });
}
