/**
 * Runs one operation through Apollo's pipeline and answers with its result as JSON, its status and what plugins and resolvers said
 * in headers. For routes that have read the operation off the request themselves.
 */
import { type ApolloServer, type GraphQLRequest } from '@apollo/server';
import { type FastifyReply } from 'fastify';
import { type RequestContext } from '../context.js';
import { sendAnswer } from './send-answer.js';

export const JSON_TYPE = 'application/json; charset=utf-8';
export const GRAPHQL_RESPONSE_TYPE = 'application/graphql-response+json; charset=utf-8';

export interface Answering {
  readonly apollo: ApolloServer<RequestContext>;
  readonly context: RequestContext;
  /** Media type of the answer, unless the pipeline sets one. */
  readonly type: string;
}

export async function answerOperation(
  reply: FastifyReply,
  operation: GraphQLRequest,
  { apollo, context, type }: Answering,
): Promise<FastifyReply> {
  const { body, http } = await apollo.executeOperation(operation, { contextValue: context });
  if (body.kind !== 'single') throw new Error('an operation that is not incremental was answered in parts');
  for (const [name, value] of http.headers) reply.header(name, value);
  const { errors, data, extensions } = body.singleResult;
  reply.code(http.status ?? 200).header('content-type', http.headers.get('content-type') ?? type);
  return sendAnswer(reply, context.responseHeaders, JSON.stringify({ errors, data, extensions }));
}
