/**
 * Says of every answer to a GET whether caches may keep it: only where all that the operation selects is public, nobody said who asks
 * and nothing failed. What an operation selects is looked at once. Other methods pass by: no answer of theirs is kept.
 */
import { type GraphQLRequest } from '@apollo/server';
import { type DocumentNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { type OperationHooks } from './operation-hooks.js';
import { PUBLIC_FIELDS } from './public-fields.js';
import { selectedFields } from './selected-fields.js';

/** Credentials because none came; `accept` because it chooses the media type. */
const VARY = 'Authorization, X-Api-Key, Accept';
/** What is left to one caller is not for all who get the kept answer. */
const LIMIT_HEADERS = ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'];

/** @param maxAgeS how long caches may keep what is public; 0: not at all */
export function cacheHints(maxAgeS: number): OperationHooks {
  const known = new WeakMap<OperationDefinitionNode, boolean>();
  const isPublic = (schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): boolean => {
    let verdict = known.get(operation);
    if (verdict === undefined) {
      const fields = [...selectedFields(schema, document, operation)];
      verdict = fields.every((field) => PUBLIC_FIELDS.has(field) || field.endsWith('.__typename'));
      known.set(operation, verdict);
    }
    return verdict;
  };
  return {
    willSendResponse({ schema, document, operation, request, contextValue: { responseHeaders }, response }) {
      if (request.http?.method !== 'GET') return;
      const { http, body } = response;
      const worked = http.status === undefined && body.kind === 'single' && body.singleResult.errors === undefined;
      const shared = maxAgeS > 0 && worked && !hasCredentials(request) && operation !== undefined;
      if (shared && isPublic(schema, document!, operation)) {
        responseHeaders.set('cache-control', `public, max-age=${maxAgeS}`);
        responseHeaders.set('vary', VARY);
        for (const name of LIMIT_HEADERS) responseHeaders.delete(name);
      } else responseHeaders.set('cache-control', 'private, no-store');
    },
  };
}

function hasCredentials({ http }: GraphQLRequest): boolean {
  return http!.headers.has('authorization') || http!.headers.has('x-api-key');
}
