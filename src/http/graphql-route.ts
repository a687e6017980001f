/**
 * POST and GET /graphql. An ordinary request, one operation and an answer in JSON, goes straight to `executeOperation`;
 * whatever is unusual about a request sends it through Apollo's own HTTP handling, which answers or refuses it in full. Both run
 * the same pipeline of plugins.
 */
import { Readable } from 'node:stream';
import { type ApolloServer, type GraphQLRequest, HeaderMap } from '@apollo/server';
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type onRequestAsyncHookHandler,
  type RouteOptions,
} from 'fastify';
import { ApiError } from '../../resolvers/errors.js';
import { answerOperation, GRAPHQL_RESPONSE_TYPE, JSON_TYPE } from './answer-operation.js';
import { searchWithHash, withHash } from './document-id.js';
import { graphqlRequest } from './graphql-request.js';
import { type RequestContext } from '../context.js';
import { sendAnswer } from './send-answer.js';
import { type WebSocketRoute } from './web-socket.js';

export interface GraphQLRouteParts {
  readonly apollo: ApolloServer<RequestContext>;
  /** What the operations of a request carry. @throws ApiError where the request is refused as a whole */
  readonly contextOf: (request: FastifyRequest, reply: FastifyReply) => Promise<RequestContext>;
  /** Headers that no page of another origin can send without asking first: a GET must carry one. */
  readonly preflightHeaders?: readonly string[];
  /** Runs before the body is read. @throws ApiError where it need not be */
  readonly onRequest?: onRequestAsyncHookHandler;
  /** @throws ApiError where a document must not even be parsed */
  readonly demandDocument?: (document: string) => void;
  /** Operations that one request may bring. */
  readonly batchSize?: number;
  /** Answers requests to become a WebSocket. */
  readonly webSocket?: WebSocketRoute;
}

const PREFLIGHT_HEADERS: readonly string[] = ['x-apollo-operation-name', 'apollo-require-preflight'];

export function graphqlRoute(
  app: FastifyInstance,
  path: string,
  {
    apollo,
    contextOf,
    preflightHeaders = PREFLIGHT_HEADERS,
    batchSize = Infinity,
    demandDocument = () => undefined,
    onRequest,
    webSocket,
  }: GraphQLRouteParts,
): void {
  const route: RouteOptions = {
    method: ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'],
    url: path,
    ...(onRequest !== undefined && { onRequest }),
    async handler(request, reply) {
      const type = responseType(request.headers.accept);
      const ordinary = type === null ? null : ordinaryRequest(request, preflightHeaders);
      let context: RequestContext;
      try {
        demandBatch(request.body, batchSize);
        documentsOf(request).forEach(demandDocument);
        context = await contextOf(request, reply);
      } catch (error) {
        return throughApollo(apollo, request, reply, () => Promise.reject(error as Error));
      }
      if (ordinary === null) return throughApollo(apollo, request, reply, () => Promise.resolve(context));
      const http = { method: request.method, headers: headersOf(request), search: '', body: undefined };
      return answerOperation(reply, { ...ordinary, http }, { apollo, context, type: type! });
    },
  };
  app.route(route);
  app.route({ ...route, method: 'GET', exposeHeadRoute: false, ...webSocket });
}

/** @throws ApiError BATCH_TOO_LARGE */
function demandBatch(body: unknown, most: number): void {
  if (!Array.isArray(body) || body.length <= most) return;
  const allowed = most === 1 ? 'one is allowed, not in a list' : `${most} are allowed`;
  throw new ApiError('BATCH_TOO_LARGE', `the request brings ${body.length} operations; ${allowed}`);
}

/** The documents that a request brings, whatever else is wrong with it. @throws ApiError BAD_REQUEST where that can't be told */
function documentsOf({ body, query, url }: FastifyRequest): readonly string[] {
  if (url.includes('#')) throw new ApiError('BAD_REQUEST', 'an address that is sent has no "#"');
  const brought = [query, ...(Array.isArray(body) ? (body as unknown[]) : [body])];
  return brought.flatMap((part) => (isRecord(part) && typeof part['query'] === 'string' ? part['query'] : []));
}

/** The media type of the answer to an `accept` header that needs no negotiation; else null. */
function responseType(accept: string | undefined): string | null {
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return JSON_TYPE;
  return accept === 'application/graphql-response+json' ? GRAPHQL_RESPONSE_TYPE : null;
}

/** The operation, where the request is one that needs no more checks than these; else null. */
function ordinaryRequest(request: FastifyRequest, preflightHeaders: readonly string[]): GraphQLRequest | null {
  if (request.method === 'POST') return postedOperation(request);
  if (request.method === 'GET') return queriedOperation(request, preflightHeaders);
  return null;
}

function postedOperation({ headers, body }: FastifyRequest): GraphQLRequest | null {
  const type = headers['content-type'];
  if (type !== 'application/json' && type !== JSON_TYPE) return null;
  return isRecord(body) ? operationOf(body) : null;
}

function queriedOperation(
  { headers, query }: FastifyRequest,
  preflightHeaders: readonly string[],
): GraphQLRequest | null {
  if (headers['content-type'] !== undefined || !preflightHeaders.some((name) => headers[name])) return null;
  const { query: document, documentId, operationName, variables, extensions } = query as Record<string, unknown>;
  try {
    return operationOf({
      query: document,
      documentId,
      operationName,
      variables: variables === undefined ? undefined : JSON.parse(variables as string),
      extensions: extensions === undefined ? undefined : JSON.parse(extensions as string),
    });
  } catch {
    return null;
  }
}

function operationOf(parameters: Record<string, unknown>): GraphQLRequest | null {
  const { query, operationName, variables, extensions } = withHash(parameters);
  if (query !== undefined && (typeof query !== 'string' || query === '')) return null;
  if (operationName != null && typeof operationName !== 'string') return null;
  if (variables != null && !isRecord(variables)) return null;
  if (extensions != null && !isRecord(extensions)) return null;
  if (query === undefined && extensions == null) return null;
  return graphqlRequest({ query, operationName, variables, extensions });
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function throughApollo(
  apollo: ApolloServer<RequestContext>,
  request: FastifyRequest,
  reply: FastifyReply,
  context: () => Promise<RequestContext>,
): Promise<FastifyReply> {
  const at = request.url.indexOf('?');
  let responseHeaders: ReadonlyMap<string, string> = new Map();
  const { status, headers, body } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: {
      method: request.method,
      headers: headersOf(request),
      search: at === -1 ? '' : searchWithHash(request.url.slice(at)),
      body: isRecord(request.body) ? withHash(request.body) : request.body,
    },
    async context() {
      const made = await context();
      ({ responseHeaders } = made);
      return made;
    },
  });
  for (const [name, value] of headers) reply.header(name, value);
  // RFC 6750: what kind of credentials would be taken.
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  reply.code(status ?? 200);
  if (body.kind === 'complete') return sendAnswer(reply, responseHeaders, body.string);
  for (const [name, value] of responseHeaders) reply.header(name, value);
  return reply.send(Readable.from(body.asyncIterator));
}

export function headersOf({ headers }: FastifyRequest): HeaderMap {
  const map = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return map;
}
