/**
 * The composition root of the server: fastify in front, Apollo behind it, the page, health. The only importer of
 * the resolvers.
 */
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import createFastify, { type FastifyError, type FastifyInstance } from 'fastify';
import { NoSchemaIntrospectionCustomRule, type GraphQLFormattedError } from 'graphql';
import { type Logger } from 'pino';
import { ApiError, publicError } from '../resolvers/errors.js';
import { buildGraphQLSchema } from '../resolvers/index.js';
import { type Config } from './config.js';
import { createContext, type RequestContext } from './context.js';
import { type Gateway } from './gateway.js';
import { idePage } from './ide/ide.js';
import { type SnapshotKeeper } from './snapshot-keeper.js';
import { type Follower } from './state/follower.js';

/** Events that a replica may be behind and still be ready. */
const READY_LAG = 1_000;
const SANDBOX_ORIGINS = ['https://studio.apollographql.com', 'https://sandbox.embed.apollographql.com'];

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
  readonly logger: Logger;
}

/** Starts to listen. @throws where the port is taken or the address can't be bound */
export async function startServer(parts: ServerParts): Promise<Server> {
  const { config, gateway, logger } = parts;
  const app: FastifyInstance = createFastify({ bodyLimit: config.bodyLimitBytes, forceCloseConnections: 'idle' });
  let draining = false;
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const { status, body } = httpError(error);
    if (status >= 500) logger.error({ error: error.message, stack: error.stack }, 'request failed');
    void reply.code(status).send(body);
  });
  app.setNotFoundHandler((request, reply) => {
    const error = new ApiError(
      'NOT_FOUND',
      `there is nothing at ${request.method} ${request.url.split('?')[0]}; GraphQL is at /graphql`,
    );
    void reply.code(404).send({ errors: [publicError(error)] });
  });
  if (config.ide === 'sandbox') await app.register(cors, { origin: SANDBOX_ORIGINS });
  await app.register(idePage, { ide: config.ide, gateway });
  health(app, parts, () => draining);

  const apollo = new ApolloServer<RequestContext>({
    schema: buildGraphQLSchema(),
    introspection: config.introspection,
    validationRules: config.introspection ? [] : [NoSchemaIntrospectionCustomRule],
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    formatError: (formatted, error) => logged(publicError(error ?? formatted), error, logger),
    plugins: [ApolloServerPluginLandingPageDisabled(), fastifyApolloDrainPlugin(app)],
    logger: {
      debug: () => {},
      info: () => {},
      warn: (m: string) => logger.warn(m),
      error: (m: string) => logger.error(m),
    },
  });
  await apollo.start();
  await app.register(fastifyApollo(apollo), {
    path: '/graphql',
    context: () => Promise.resolve(createContext(gateway, Date.now())),
  });
  const url = await app.listen({ port: config.port, host: config.host });
  return {
    url,
    async drain() {
      draining = true;
      await apollo.stop();
      await app.close();
    },
  };
}

/**
 * /livez: the process turns; /readyz: it holds what the log holds and takes requests. Lists are made without the newest
 * snapshot too, so a problem with it is shown and makes nobody unready.
 */
function health(app: FastifyInstance, { follower, snapshots }: ServerParts, isDraining: () => boolean): void {
  app.get('/livez', () => ({ live: true }));
  app.get('/readyz', (_request, reply) => {
    const reasons = [
      ...(isDraining() ? ['draining'] : []),
      ...(follower.lag > READY_LAG ? [`${follower.lag} events behind the log`] : []),
    ];
    const { position } = follower.state;
    const snapshot = { id: snapshots.snapshot?.id ?? null, problem: snapshots.problem };
    const ready = reasons.length === 0;
    return reply.code(ready ? 200 : 503).send({ ready, reasons, position, snapshot });
  });
}

/** What fastify refuses before GraphQL sees it, in GraphQL's own shape. */
function httpError(error: FastifyError): { status: number; body: { errors: GraphQLFormattedError[] } } {
  const status = error.statusCode ?? 500;
  const known =
    status === 413
      ? new ApiError('BODY_TOO_LARGE', 'the request body is too large')
      : status === 415
        ? new ApiError('UNSUPPORTED_MEDIA_TYPE', 'send the operation as application/json')
        : status >= 400 && status < 500
          ? new ApiError('BAD_JSON', 'the request body is not JSON')
          : error;
  return { status, body: { errors: [publicError(known)] } };
}

/** Our own faults are masked in the answer, so they must be told in the log. */
function logged(formatted: GraphQLFormattedError, error: unknown, logger: Logger): GraphQLFormattedError {
  if (formatted.extensions?.['code'] === 'INTERNAL') {
    const cause = error instanceof Error ? ((error as { originalError?: Error }).originalError ?? error) : error;
    logger.error({ error: String(cause), stack: cause instanceof Error ? cause.stack : undefined }, 'a field failed');
  }
  return formatted;
}
