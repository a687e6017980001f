/**
 * Takes the guess off a message: graphql-js ends errors of validation and of coercion with ` Did you mean "a", "b", or "c"?`,
 * names of the schema that let a client map it without introspection. Messages of our own make no such guesses.
 */
import { type GraphQLFormattedError } from 'graphql';

/** What `didYouMean` of graphql-js builds, at the end of the message only. */
const SUGGESTION = / Did you mean (?:[a-z ]+ )?"[^"]*"(?:, "[^"]*")*(?:,? or "[^"]*")?\?$/;
const GUESSING = new Set<unknown>(['GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']);

export function withoutSuggestion(error: GraphQLFormattedError): GraphQLFormattedError {
  if (!GUESSING.has(error.extensions?.['code'])) return error;
  return { ...error, message: error.message.replace(SUGGESTION, '') };
}
