/** An operation as clients send it, without what they left out: Apollo tells null from nothing. */
import { type GraphQLRequest } from '@apollo/server';

export interface SentOperation {
  readonly query?: string | null | undefined;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
  readonly extensions?: Record<string, unknown> | null | undefined;
}

export function graphqlRequest({ query, operationName, variables, extensions }: SentOperation): GraphQLRequest {
  return {
    ...(query != null && { query }),
    ...(operationName != null && { operationName }),
    ...(variables != null && { variables }),
    ...(extensions != null && { extensions }),
  };
}
