/**
 * GET and POST /operations/NAME: a trusted operation by its name, its variables in the address or as the body. It runs as it would
 * at /graphql, through the same plugins. A GET needs no header that a page must ask for first: only queries run, and only those
 * that the server knows.
 */
import { type ApolloServer } from '@apollo/server';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, type onRequestAsyncHookHandler } from 'fastify';
import { type GraphQLSchema, print } from 'graphql';
import { ApiError } from '../../resolvers/errors.js';
import { type RequestContext } from '../context.js';
import { type TrustedDocuments } from '../graphql/trusted-documents.js';
import { type TrustedOperation } from '../graphql/trusted-table.js';
import { answerOperation, GRAPHQL_RESPONSE_TYPE, JSON_TYPE } from './answer-operation.js';
import { headersOf, isRecord } from './graphql-route.js';
import { variablesInAddress } from './variables-in-address.js';

export interface OperationsRouteParts {
  readonly apollo: ApolloServer<RequestContext>;
  /** @throws ApiError where the request is refused as a whole */
  readonly contextOf: (request: FastifyRequest, reply: FastifyReply) => Promise<RequestContext>;
  /** Runs before the body is read. @throws ApiError where it need not be */
  readonly onRequest: onRequestAsyncHookHandler;
  readonly schema: GraphQLSchema;
  readonly trusted: TrustedDocuments;
  /** Whether GET /operations tells what there is. */
  readonly listed: boolean;
}

const GRAPHQL_RESPONSE = 'application/graphql-response+json';

export function operationsRoute(
  app: FastifyInstance,
  { apollo, contextOf, onRequest, schema, trusted, listed }: OperationsRouteParts,
): void {
  app.route<{ Params: { readonly name: string } }>({
    method: ['GET', 'POST'],
    url: '/operations/:name',
    exposeHeadRoute: false,
    onRequest,
    async handler(request, reply) {
      const context = await contextOf(request, reply);
      const operation = trusted.table.byName.get(request.params.name);
      if (operation === undefined) {
        throw new ApiError('UNKNOWN_OPERATION', `no trusted operation is called "${request.params.name}"`);
      }
      const variables = request.method === 'GET' ? variablesInAddress(request, operation, schema) : posted(request);
      const headers = headersOf(request);
      const type = headers.get('accept') === GRAPHQL_RESPONSE ? GRAPHQL_RESPONSE_TYPE : JSON_TYPE;
      // Here a refusal is told by the status too, as clients of that type are told it.
      headers.set('accept', GRAPHQL_RESPONSE);
      const http = { method: request.method, headers, search: '', body: undefined };
      const { text: query, name: operationName } = operation;
      return answerOperation(reply, { query, operationName, variables, http }, { apollo, context, type });
    },
  });
  if (!listed) return;
  app.get('/operations', { exposeHeadRoute: false }, async (request, reply) => {
    await contextOf(request, reply);
    return { operations: [...trusted.table.byName.values()].filter(({ type }) => type !== 'subscription').map(told) };
  });
}

/** @throws ApiError UNSUPPORTED_MEDIA_TYPE, BAD_REQUEST */
function posted({ headers, body, query }: FastifyRequest): Record<string, unknown> {
  // Any other type a page may send to a foreign origin without asking.
  if (!/^application\/json *(;|$)/i.test(headers['content-type'] ?? '')) {
    throw new ApiError('UNSUPPORTED_MEDIA_TYPE', 'send the variables as application/json');
  }
  if (!isRecord(body)) throw new ApiError('BAD_REQUEST', 'the body of a POST is the object of the variables');
  if (Object.keys(query as object).length > 0) {
    throw new ApiError('BAD_REQUEST', 'the variables of a POST are its body; none may stand in the address');
  }
  return body;
}

/** An operation as the list tells it: types by the names of variables. */
function told({ name, type, variables }: TrustedOperation): object {
  const types = variables.map((definition) => [definition.variable.name.value, print(definition.type)]);
  return { name, type, variables: Object.fromEntries(types) as object };
}
