/**
 * Apollo's own suite for HTTP integrations, on our route.
 * @jest-environment ./test/support/named-skips.cjs
 */
import { ApolloServer, type ApolloServerOptions, type BaseContext } from '@apollo/server';
import {
  type CreateServerForIntegrationTestsOptions,
  defineIntegrationTestSuite,
} from '@apollo/server-integration-testsuite';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import createFastify from 'fastify';
import { graphqlRoute } from '../../src/http/graphql-route.js';

async function createServer(
  options: ApolloServerOptions<BaseContext>,
  { context }: CreateServerForIntegrationTestsOptions = {},
) {
  const app = createFastify({ forceCloseConnections: true });
  const server = new ApolloServer<BaseContext>({
    ...options,
    plugins: [...(options.plugins ?? []), fastifyApolloDrainPlugin(app)],
  });
  await server.start();
  graphqlRoute(app, '/', {
    apollo: server as never,
    ...(typeof options.csrfPrevention === 'object' && {
      preflightHeaders: options.csrfPrevention.requestHeaders ?? [],
    }),
    contextOf: async () => ({ responseHeaders: new Map(), ...(await context?.()) }) as never,
  });
  const url = await app.listen({ port: 0 });
  return {
    server,
    url,
    extraCleanup: async () => {
      await app.close();
    },
  };
}

// The suite brings its own copy of Apollo's types.
defineIntegrationTestSuite(createServer as never, { serverIsStartedInBackground: false });
