/**
 * A document or variables that are refused answer 400 to clients that know `application/graphql-response+json` and 200 to those
 * of `application/json`, as GraphQL over HTTP has it.
 */
import { type OperationHooks } from './operation-hooks.js';

const REFUSALS = new Set<unknown>(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']);

export const statusOfRefusals: OperationHooks = {
  willSendResponse({ request, response: { http, body } }) {
    if (http.status === 400 && body.kind === 'single' && body.singleResult.data === undefined) {
      const modern = request.http?.headers.get('accept')?.includes('application/graphql-response+json') ?? false;
      const refused = body.singleResult.errors?.every(({ extensions }) => REFUSALS.has(extensions?.['code'])) ?? false;
      if (!modern && refused) http.status = 200;
    }
  },
};
