/**
 * The routes of operations and subscriptions over a pipeline that is open: who asks is known before a body is read, and what an
 * operation carries is made for each.
 */
import { type ApolloServer } from '@apollo/server';
import websocket from '@fastify/websocket';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { handleProtocols } from 'graphql-ws';
import { type Logger } from 'pino';
import { type Config } from '../config.js';
import { createContext, type RequestContext } from '../context.js';
import { type Gateway } from '../gateway.js';
import { type FaultLog } from '../graphql/fault-log.js';
import { type Persisted } from '../graphql/open-persisted.js';
import { type Authenticator } from '../identity/authenticator.js';
import { type Caller } from '../identity/caller.js';
import { limitKeyOf } from '../identity/limit-key.js';
import { type Limits } from '../limits/open-limits.js';
import { tokenLimit } from '../limits/token-limit.js';
import { OpenConnections } from '../subscriptions/open-connections.js';
import { type TellRefusal } from '../telemetry/record-refusals.js';
import { traceparentOf } from '../telemetry/trace-parent.js';
import { type CallerAddress } from './caller-address.js';
import { callerFirst } from './caller-first.js';
import { graphqlRoute } from './graphql-route.js';
import { operationsRoute } from './operations-route.js';
import { RequestSignal } from './request-signal.js';
import { streamRoute } from './stream-route.js';
import { type SubscriptionParts } from './subscription-parts.js';
import { webSocket } from './web-socket.js';

export interface ServedParts {
  readonly config: Config;
  readonly gateway: Gateway;
  readonly logger: Logger;
  readonly apollo: ApolloServer<RequestContext>;
  readonly limits: Limits;
  readonly persisted: Persisted;
  readonly faults: FaultLog;
  readonly reporting: {
    readonly tellRefusal: TellRefusal;
    /** Whether records of operations should say how lists were made. */
    readonly wantsLists: boolean;
  };
  readonly authenticator: Authenticator;
  readonly addresses: CallerAddress;
}

/** Adds the routes of operations and subscriptions. The connections that it gives are those that subscribe. */
export async function serveGraphQL(app: FastifyInstance, served: ServedParts): Promise<OpenConnections> {
  const { config, gateway, logger, apollo, limits, persisted, faults, reporting, authenticator, addresses } = served;
  const connections = new OpenConnections({
    most: config.maxSubscriptions,
    perCaller: config.subscriptionsPerCaller,
    waiting: config.maxWaitingSockets,
  });
  const demandDocument = tokenLimit(config);
  const callerOf = async (request: FastifyRequest): Promise<Caller> => {
    const caller = await authenticator.callerOf(request.headers);
    limits.refusals?.demand(request, caller, limitKeyOf(caller, addresses.of(request)));
    return caller;
  };
  const contextOf = async (request: FastifyRequest, signal?: RequestSignal): Promise<RequestContext> => {
    const caller = request.caller ?? (await callerOf(request));
    const asked = { caller, address: addresses.of(request), ...(signal !== undefined && { request: signal }) };
    return trailed(request, createContext(gateway, Date.now(), asked));
  };
  const contextUntilGone = async (request: FastifyRequest, { raw }: FastifyReply): Promise<RequestContext> => {
    const context = await contextOf(request, RequestSignal.ofAnswer(raw, config.operationTimeoutMs));
    if (reporting.wantsLists) context.trail.lists = [];
    return context;
  };
  const subscriptions: SubscriptionParts = {
    apollo,
    contextOf,
    tellFault: faults.tell,
    tellRefusal: reporting.tellRefusal,
    connections,
    perConnection: config.subscriptionsPerConnection,
    pace: { gapMs: config.subscriptionGapMs, refreshMs: config.subscriptionRefreshMs },
    origins: config.corsOrigins,
    demandDocument,
    timeoutMs: config.operationTimeoutMs,
    logger,
  };
  await app.register(websocket, { options: { maxPayload: config.bodyLimitBytes, handleProtocols } });
  const onRequest = callerFirst(app, callerOf);
  graphqlRoute(app, '/graphql', {
    apollo,
    contextOf: contextUntilGone,
    batchSize: config.batchSize,
    onRequest,
    demandDocument,
    webSocket: webSocket(subscriptions),
  });
  operationsRoute(app, {
    apollo,
    contextOf: contextUntilGone,
    onRequest,
    schema: limits.schema,
    trusted: persisted.trusted,
    listed: config.introspection === 'on',
  });
  streamRoute(app, '/graphql/stream', subscriptions);
  return connections;
}

/** Ties what the operations of a request leave behind to the request. */
function trailed(request: FastifyRequest, context: RequestContext): RequestContext {
  context.trail.requestId = request.id;
  context.trail.traceparent = traceparentOf(request);
  context.trail.bodyBytes = request.bodyBytes;
  request.trail = context.trail;
  return context;
}
