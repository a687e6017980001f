/**
 * The composition root of the server: fastify in front, Apollo behind it, the page, health. The only importer of
 * the resolvers.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import websocket from '@fastify/websocket';
import { handleProtocols } from 'graphql-ws';
import createFastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Logger } from 'pino';
import { buildSubgraph } from '../resolvers/federation/subgraph.js';
import { buildGraphQLSchema } from '../resolvers/index.js';
import { openAuditLog } from './audit/open-audit-log.js';
import { type Config } from './config.js';
import { createContext, type RequestContext } from './context.js';
import { type Gateway } from './gateway.js';
import { createApollo } from './graphql/apollo.js';
import { authorisedOperations } from './graphql/authorised-operations.js';
import { apiHeaders } from './http/api-headers.js';
import { faultLog } from './graphql/fault-log.js';
import { openPersisted } from './graphql/open-persisted.js';
import { arrivalLimits } from './http/arrival-limits.js';
import { clientErrors } from './http/client-errors.js';
import { callerAddress } from './http/caller-address.js';
import { callerFirst } from './http/caller-first.js';
import { graphqlRoute } from './http/graphql-route.js';
import { health } from './http/health.js';
import { httpErrors } from './http/http-errors.js';
import { operationsRoute } from './http/operations-route.js';
import { jsonBody } from './http/json-body.js';
import { pageHeaders } from './http/page-headers.js';
import { echoRequestId, REQUEST_ID_HEADER, requestIdOf } from './http/request-id.js';
import { followTls, readTls } from './http/tls.js';
import { RequestSignal } from './http/request-signal.js';
import { streamRoute } from './http/stream-route.js';
import { type SubscriptionParts } from './http/subscription-parts.js';
import { webSocket } from './http/web-socket.js';
import { idePage } from './ide/ide.js';
import { type Caller } from './identity/caller.js';
import { limitKeyOf } from './identity/limit-key.js';
import { openAuthenticator } from './identity/open-authenticator.js';
import { openLimits } from './limits/open-limits.js';
import { pressure } from './limits/pressure.js';
import { SharedCounters } from './limits/shared-counters.js';
import { tokenLimit } from './limits/token-limit.js';
import { openCounters, openDocuments } from './open-stores.js';
import { type RedisConnection } from './remote/redis.js';
import { operationLog } from './telemetry/operation-log.js';
import { recordOperations } from './telemetry/record-operations.js';
import { recordRefusals } from './telemetry/record-refusals.js';
import { openTelemetry } from './telemetry/telemetry.js';
import { traceparentOf } from './telemetry/trace-parent.js';
import { type RemoteCalls } from './remote/remote-calls.js';
import { type SnapshotKeeper } from './snapshot-keeper.js';
import { type Follower } from './state/follower.js';
import { OpenConnections } from './subscriptions/open-connections.js';

/** What pages of other origins may read of an answer. */
const EXPOSED_HEADERS = [REQUEST_ID_HEADER, 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after'];
const SANDBOX_ORIGINS = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];

/** Routes whose refusals are recorded like operations. */
const GRAPHQL_ROUTES = new Set(['/graphql', '/graphql/stream', '/operations', '/operations/:name']);

export interface Server {
  /** Address that it listens on, such as http://127.0.0.1:4000. */
  readonly url: string;
  /** Takes no new requests, lets running ones end, and closes. */
  drain(): Promise<void>;
}

export interface ServerParts {
  readonly config: Config;
  readonly gateway: Gateway;
  readonly follower: Follower;
  readonly snapshots: SnapshotKeeper;
  /** Null: the stores are in the data folder. */
  readonly redis: RedisConnection | null;
  readonly remoteCalls: RemoteCalls;
  readonly worker: number | null;
  readonly logger: Logger;
}

/** Starts to listen. @throws where the port is taken or the address can't be bound */
export async function startServer(parts: ServerParts): Promise<Server> {
  const { config, gateway, redis, logger } = parts;
  const addresses = callerAddress(config.trustProxy);
  const app: FastifyInstance = createFastify({
    bodyLimit: config.bodyLimitBytes,
    forceCloseConnections: 'idle',
    ...arrivalLimits(config.requestTimeoutMs),
    clientErrorHandler: clientErrors({ tls: config.tls !== null }),
    trustProxy: addresses.trustProxy,
    genReqId: requestIdOf,
    https: config.tls === null ? null : readTls(config.tls),
    // Fastify types an HTTPS server as another kind of instance; nothing here tells them apart.
  }) as unknown as FastifyInstance;
  let draining = false;
  httpErrors(app, logger);
  jsonBody(app);
  echoRequestId(app);
  apiHeaders(app, { tls: config.tls !== null });
  const audit = config.audit === null ? null : await openAuditLog(config.audit, config.dataFolder, logger);
  const counters = openCounters(config, redis, (message) => logger.warn(message));
  const telemetry = await openTelemetry({
    ...parts,
    server: app.server,
    auditLost: audit === null ? null : () => audit.lost,
    limitsAlone: counters instanceof SharedCounters ? () => counters.countedAlone : null,
    clock: () => Date.now(),
  });
  const listeners = [
    operationLog(logger, config.slowMs),
    ...(audit === null ? [] : [audit.record]),
    ...telemetry.listeners,
  ];
  const tellRefusal = recordRefusals(app, GRAPHQL_ROUTES, listeners);
  const origins = [...config.corsOrigins, ...(config.ide === 'sandbox' ? SANDBOX_ORIGINS : [])];
  if (origins.length > 0) await app.register(cors, { origin: origins, exposedHeaders: EXPOSED_HEADERS, maxAge: 600 });
  const authenticator = await openAuthenticator(config, logger);
  await app.register(async (page) => {
    await pageHeaders(page, config.ide);
    await page.register(idePage, { ide: config.ide, gateway, mayShow: () => !authenticator.isRequired });
  });
  health(app, { ...parts, isDraining: () => draining });

  const schema = config.federation ? buildSubgraph() : buildGraphQLSchema();
  const limits = openLimits({ config, schema, counters, app });
  const registered = openDocuments(config, redis);
  const persisted = await openPersisted({ limits, config, registered, log: logger });
  const faults = faultLog(logger);
  const apollo = createApollo({
    schema: limits.schema,
    rules: limits.rules,
    batches: config.batchSize > 1,
    introspection: config.introspection !== 'off',
    suggestions: config.suggestions,
    compiled: true,
    plugins: [fastifyApolloDrainPlugin(app)],
    hooks: [
      ...persisted.hooks,
      authorisedOperations(config.introspection === 'on' ? 'on' : 'roles'),
      ...limits.hooks,
      recordOperations(listeners),
    ],
    documents: persisted.documents,
    faults,
    comesAgain: (document) => persisted.trusted.table.documents.has(document),
    logger,
  });
  await apollo.start();
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
  const subscriptions: SubscriptionParts = {
    apollo,
    contextOf,
    tellFault: faults.tell,
    tellRefusal,
    connections,
    perConnection: config.subscriptionsPerConnection,
    pace: { gapMs: config.subscriptionGapMs, refreshMs: config.subscriptionRefreshMs },
    origins: config.corsOrigins,
    demandDocument,
    timeoutMs: config.operationTimeoutMs,
    logger,
  };
  await app.register(websocket, { options: { maxPayload: config.bodyLimitBytes, handleProtocols } });
  const contextUntilGone = async (request: FastifyRequest, { raw }: FastifyReply): Promise<RequestContext> => {
    const context = await contextOf(request, RequestSignal.ofAnswer(raw, config.operationTimeoutMs));
    if (telemetry.wantsLists) context.trail.lists = [];
    return context;
  };
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
  // Last, for what the start itself takes is no delay of a request.
  if (config.rateLimit) await pressure(app, config.maxEventLoopDelayMs);
  const url = await app.listen({ port: config.port, host: config.host });
  const endTls = config.tls === null ? null : followTls(app.server, config.tls, logger);
  return {
    url,
    async drain() {
      draining = true;
      await delay(config.drainDelayMs);
      endTls?.();
      await connections.close();
      await apollo.stop();
      await app.close();
      await audit?.close();
      await telemetry.close();
      persisted.close();
      await registered?.close();
      await counters?.close();
    },
  };
}

/** Ties what the operations of a request leave behind to the request. */
function trailed(request: FastifyRequest, context: RequestContext): RequestContext {
  context.trail.requestId = request.id;
  context.trail.traceparent = traceparentOf(request);
  request.trail = context.trail;
  return context;
}
