/**
 * An Apollo server in an Azure function that forwards every operation and holds nothing: no schema, no documents, no cache. Rules,
 * limits and roles are the engine's, so a new version of the schema needs no new version of this. What comes by hash alone is
 * answered PERSISTED_QUERY_NOT_SUPPORTED, whereupon clients send the text; trusted documents are trusted by their text too.
 */
import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { v4 } from '@as-integrations/azure-functions';
import { type HttpHandler } from '@azure/functions';
import { askEngine, type EngineOptions, EngineUnavailableError } from './engine.js';

/** Apollo wants a schema; nothing is validated or executed by it. */
const NO_SCHEMA = 'type Query { engine: Boolean }';
const RETRY_AFTER_S = '1';

interface Invocation {
  /** Writes a line of level error to the function's log. */
  readonly complain: (message: string) => void;
}

export function forwardingHandler(engine: EngineOptions): HttpHandler {
  const server = new ApolloServer<Invocation>({
    typeDefs: NO_SCHEMA,
    dangerouslyDisableValidation: true,
    documentStore: null,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    // The host of the functions ends the process.
    stopOnTerminationSignals: false,
    plugins: [forwarding(engine), ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled()],
  });
  return v4.startServerAndCreateHandler(server, {
    context: ({ context }) => Promise.resolve({ complain: (message: string) => context.error(message) }),
  });
}

function forwarding(engine: EngineOptions): ApolloServerPlugin<Invocation> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        async responseForOperation({ request, contextValue }) {
          const { query = '', operationName, variables, extensions, http } = request;
          const operation = { query, operationName, variables, extensions };
          try {
            const answer = await askEngine(engine, operation, http?.headers ?? new Map());
            return {
              http: { status: answer.status, headers: new HeaderMap(answer.headers) },
              body: { kind: 'single', singleResult: answer.result },
            };
          } catch (error) {
            if (!(error instanceof EngineUnavailableError)) throw error;
            contextValue.complain(error.message);
            const unavailable = { message: 'the engine does not answer', extensions: { code: 'ENGINE_UNAVAILABLE' } };
            return {
              http: { status: 503, headers: new HeaderMap([['retry-after', RETRY_AFTER_S]]) },
              body: { kind: 'single', singleResult: { errors: [unavailable] } },
            };
          }
        },
      }),
  };
}
