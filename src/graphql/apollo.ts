/**
 * The Apollo server: one pipeline for every operation, wherever it comes from. What a deployment switches on joins it as
 * plugins and validation rules; the server composes them.
 */
import { ApolloServer, type ApolloServerOptions, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import {
  type DocumentNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  type ValidationRule,
} from 'graphql';
import { type Logger } from 'pino';
import { publicError } from '../../resolvers/errors.js';
import { type RequestContext } from '../context.js';
import { acknowledgedMutations } from './acknowledged-mutations.js';
import { compiledOperations } from './compiled-operations.js';
import { type FaultLog, faultLog } from './fault-log.js';
import { type OperationHooks, pluginOf } from './operation-hooks.js';
import { operationTimeout } from './operation-timeout.js';
import { subscriptionGate } from './subscription-gate.js';
import { statusOfRefusals } from './status-of-refusals.js';
import { withoutSuggestion } from './without-suggestion.js';

/** Errors of validation told at most; the one after says that there are more. */
const MOST_ERRORS = 5;

export interface ApolloParts {
  readonly schema: GraphQLSchema;
  readonly introspection: boolean;
  /** Whether errors say which name of the schema was probably meant. */
  readonly suggestions?: boolean;
  /** Whether operations are compiled; the answers are the same to the byte. */
  readonly compiled: boolean;
  readonly rules?: readonly ValidationRule[];
  /** Whether several operations may come in one request; the route counts them. */
  readonly batches?: boolean;
  /** Asked in their order, after what every deployment has. */
  readonly hooks?: readonly OperationHooks[];
  /** What needs more of Apollo than hooks have. */
  readonly plugins?: readonly ApolloServerPlugin<RequestContext>[];
  /** Where documents by hash are kept; without it, in memory. */
  readonly documents?: Required<Pick<ApolloServerOptions<RequestContext>, 'persistedQueries' | 'documentStore'>>;
  /** Whether a document is known to come again. */
  readonly comesAgain?: (document: DocumentNode) => boolean;
  /** Where faults are told that clients are not told of. */
  readonly faults?: FaultLog;
  readonly logger: Logger;
}

export function createApollo({
  schema,
  introspection,
  suggestions = true,
  compiled,
  rules = [],
  batches = false,
  hooks = [],
  plugins = [],
  documents,
  comesAgain,
  logger,
  faults = faultLog(logger),
}: ApolloParts): ApolloServer<RequestContext> {
  const errorFor = (error: unknown, context: RequestContext | null): GraphQLFormattedError => {
    faults.tell(error, context?.trail.requestId ?? null);
    return suggestions ? publicError(error) : withoutSuggestion(publicError(error));
  };
  return new ApolloServer<RequestContext>({
    schema,
    introspection,
    ...documents,
    validationRules: [...(introspection ? [] : [NoSchemaIntrospectionCustomRule]), ...rules],
    // Each costs time and says something of the schema; nobody reads the hundredth.
    validationOptions: { maxErrors: MOST_ERRORS },
    allowBatchedHttpRequests: batches,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    formatError: (formatted, error) => errorFor(error ?? formatted, null),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      // It hooks every field, which costs more than all resolvers.
      ApolloServerPluginCacheControlDisabled(),
      // A subgraph would time every field, and tell whoever asks with a header.
      ApolloServerPluginInlineTraceDisabled(),
      ...plugins,
      pluginOf([
        faults.hooks,
        statusOfRefusals,
        operationTimeout,
        acknowledgedMutations,
        ...hooks,
        // After those that refuse: what may not run at all is told so first, wherever it comes.
        subscriptionGate,
        ...(compiled ? [compiledOperations(errorFor, comesAgain)] : []),
      ]),
    ],
    logger: {
      debug: () => {},
      info: () => {},
      warn: (message: string) => logger.warn(message),
      error: (message: string) => logger.error(message),
    },
  });
}
