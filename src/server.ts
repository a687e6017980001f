/**
 * The composition root of the server: fastify in front, Apollo behind it, the page, health. The only importer of
 * the resolvers.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type ApolloServer } from '@apollo/server';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import { type FastifyInstance } from 'fastify';
import { type Logger } from 'pino';
import { buildGraphQLSchema } from '../resolvers/index.js';
import { openAuditLog } from './audit/open-audit-log.js';
import { type Config } from './config.js';
import { type RequestContext } from './context.js';
import { type Gateway } from './gateway.js';
import { createApollo } from './graphql/apollo.js';
import { authorisedOperations } from './graphql/authorised-operations.js';
import { type FaultLog, faultLog } from './graphql/fault-log.js';
import { openPersisted, type Persisted } from './graphql/open-persisted.js';
import { health } from './http/health.js';
import { openApp } from './http/open-app.js';
import { serveGraphQL } from './http/serve-graphql.js';
import { pageHeaders } from './http/page-headers.js';
import { REQUEST_ID_HEADER } from './http/request-id.js';
import { followTls } from './http/tls.js';
import { idePage } from './ide/ide.js';
import { type Authenticator } from './identity/authenticator.js';
import { openAuthenticator } from './identity/open-authenticator.js';
import { type Counters } from './limits/counters.js';
import { type Limits, openLimits } from './limits/open-limits.js';
import { pressure } from './limits/pressure.js';
import { SharedCounters } from './limits/shared-counters.js';
import { openCounters, openDocuments } from './open-stores.js';
import { type RedisConnection } from './remote/redis.js';
import { operationLog } from './telemetry/operation-log.js';
import { type OperationListener } from './telemetry/operation-record.js';
import { recordOperations } from './telemetry/record-operations.js';
import { recordRefusals, type TellRefusal } from './telemetry/record-refusals.js';
import { openTelemetry } from './telemetry/telemetry.js';
import { type RemoteCalls } from './remote/remote-calls.js';
import { type SnapshotKeeper } from './snapshot-keeper.js';
import { type Follower } from './state/follower.js';

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
  /** Resolves when lists can be made: it listens then. */
  readonly ready: Promise<void>;
  readonly worker: number | null;
  readonly logger: Logger;
}

/** Prepares everything, waits until it is ready, and listens. @throws where the port is taken or the address can't be bound */
export async function startServer(parts: ServerParts): Promise<Server> {
  const { config, logger } = parts;
  const { app, addresses } = openApp(config, logger);
  let draining = false;
  const reporting = await openReporting(parts, app);
  const authenticator = await openAuthenticator(config, logger);
  await servePages(app, parts, authenticator);
  health(app, { ...parts, isDraining: () => draining });
  const graphql = await openGraphQL(parts, app, reporting);
  const connections = await serveGraphQL(app, { ...parts, ...graphql, reporting, authenticator, addresses });
  await parts.ready;
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
      await graphql.apollo.stop();
      await app.close();
      await reporting.close();
      await graphql.close();
    },
  };
}

/** Who is told of operations and refused requests, and what callers have used up. */
interface Reporting {
  readonly counters: Counters | null;
  readonly listeners: readonly OperationListener[];
  readonly tellRefusal: TellRefusal;
  /** Whether records of operations should say how lists were made. */
  readonly wantsLists: boolean;
  close(): Promise<void>;
}

async function openReporting(parts: ServerParts, app: FastifyInstance): Promise<Reporting> {
  const { config, redis, logger } = parts;
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
  return {
    counters,
    listeners,
    tellRefusal: recordRefusals(app, GRAPHQL_ROUTES, listeners),
    wantsLists: telemetry.wantsLists,
    async close() {
      await audit?.close();
      await telemetry.close();
      await counters?.close();
    },
  };
}

async function servePages(
  app: FastifyInstance,
  { config, gateway }: ServerParts,
  authenticator: Authenticator,
): Promise<void> {
  const origins = [...config.corsOrigins, ...(config.ide === 'sandbox' ? SANDBOX_ORIGINS : [])];
  if (origins.length > 0) await app.register(cors, { origin: origins, exposedHeaders: EXPOSED_HEADERS, maxAge: 600 });
  await app.register(async (page) => {
    await pageHeaders(page, config.ide);
    await page.register(idePage, { ide: config.ide, gateway, mayShow: () => !authenticator.isRequired });
  });
}

/** The schema with its limits, and the pipeline that operations go through. */
interface OpenGraphQL {
  readonly apollo: ApolloServer<RequestContext>;
  readonly limits: Limits;
  readonly persisted: Persisted;
  readonly faults: FaultLog;
  close(): Promise<void>;
}

async function openGraphQL(
  { config, redis, logger }: ServerParts,
  app: FastifyInstance,
  { counters, listeners }: Reporting,
): Promise<OpenGraphQL> {
  const schema = config.federation
    ? (await import('../resolvers/federation/subgraph.js')).buildSubgraph()
    : buildGraphQLSchema();
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
  return {
    apollo,
    limits,
    persisted,
    faults,
    async close() {
      persisted.close();
      await registered?.close();
    },
  };
}
