/**
 * The composition root of the server: fastify in front, Apollo behind it, the page, health. The only importer of
 * the resolvers.
 */
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import cors from '@fastify/cors';
import createFastify, { type FastifyInstance } from 'fastify';
import { type Logger } from 'pino';
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
import { openAuthenticator } from './identity/open-authenticator.js';
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
  const app: FastifyInstance = createFastify({ bodyLimit: config.bodyLimitBytes, forceCloseConnections: 'idle' });
  let draining = false;
  httpErrors(app, logger);
  if (config.ide === 'sandbox') await app.register(cors, { origin: SANDBOX_ORIGINS });
  await app.register(idePage, { ide: config.ide, gateway });
  health(app, { ...parts, isDraining: () => draining });

  const authenticator = await openAuthenticator(config, logger);
  const apollo = createApollo({
    schema: buildGraphQLSchema(),
    introspection: config.introspection !== 'off',
    compiled: true,
    plugins: [fastifyApolloDrainPlugin(app), authorisedOperations(config.introspection === 'on' ? 'on' : 'roles')],
    logger,
  });
  await apollo.start();
  graphqlRoute(app, '/graphql', {
    apollo,
    async contextOf({ headers }) {
      return createContext(gateway, Date.now(), await authenticator.callerOf(headers));
    },
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
