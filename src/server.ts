/**
 * The composition root of the server: fastify in front, Apollo behind it, the page, health. The only importer of
 * the resolvers.
 */
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import createFastify, { type FastifyInstance } from 'fastify';
import { type Logger } from 'pino';
import { buildSubgraph } from '../resolvers/federation/subgraph.js';
import { buildGraphQLSchema } from '../resolvers/index.js';
import { type Config } from './config.js';
import { createContext } from './context.js';
import { type Gateway } from './gateway.js';
import { createApollo } from './graphql/apollo.js';
import { authorisedOperations } from './graphql/authorised-operations.js';
import { graphqlRoute } from './http/graphql-route.js';
import { health } from './http/health.js';
import { httpErrors } from './http/http-errors.js';
import { idePage } from './ide/ide.js';
import { LOCAL_CALLER } from './identity/caller.js';
import { openAuthenticator } from './identity/open-authenticator.js';
import { openLimits } from './limits/open-limits.js';
import { pressure } from './limits/pressure.js';
import { tokenLimit } from './limits/token-limit.js';
import { type SnapshotKeeper } from './snapshot-keeper.js';
import { type Follower } from './state/follower.js';

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
  const app: FastifyInstance = createFastify({
    bodyLimit: config.bodyLimitBytes,
    forceCloseConnections: 'idle',
    trustProxy: config.trustProxy,
  });
  let draining = false;
  httpErrors(app, logger);
  if (config.ide === 'sandbox') await app.register(cors, { origin: SANDBOX_ORIGINS });
  await app.register(idePage, { ide: config.ide, gateway });
  health(app, { ...parts, isDraining: () => draining });

  const authenticator = await openAuthenticator(config, logger);
  const limits = openLimits(config, config.federation ? buildSubgraph() : buildGraphQLSchema());
  if (config.rateLimit) await pressure(app, config.maxEventLoopDelayMs);
  const apollo = createApollo({
    schema: limits.schema,
    rules: limits.rules,
    batches: config.batchSize > 1,
    introspection: config.introspection !== 'off',
    suggestions: config.suggestions,
    compiled: true,
    plugins: [
      fastifyApolloDrainPlugin(app),
      authorisedOperations(config.introspection === 'on' ? 'on' : 'roles'),
      ...limits.plugins,
    ],
    logger,
  });
  await apollo.start();
  graphqlRoute(app, '/graphql', {
    apollo,
    batchSize: config.batchSize,
    demandDocument: tokenLimit(config.maxTokens),
    async contextOf({ headers, ip }) {
      const caller = await authenticator.callerOf(headers);
      return createContext(gateway, Date.now(), caller, caller === LOCAL_CALLER ? ip : caller.name);
    },
  });
  const url = await app.listen({ port: config.port, host: config.host });
  return {
    url,
    async drain() {
      draining = true;
      await apollo.stop();
      await app.close();
      await limits.close();
    },
  };
}
