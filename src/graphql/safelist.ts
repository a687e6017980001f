/**
 * With PERSISTED=only: refuses every document that is not trusted, before it is parsed. A trusted one may come by its hash or,
 * to the byte, as text.
 */
import { type GraphQLRequest } from '@apollo/server';
import { ApiError } from '../../resolvers/errors.js';
import { type OperationHooks } from './operation-hooks.js';
import { type TrustedDocuments } from './trusted-documents.js';

/** Stands in for a refused document: Apollo has no hook before parsing that may refuse. */
const NOTHING = '{ __typename }';

export function safelist(trusted: TrustedDocuments): OperationHooks {
  const refused = new WeakMap<GraphQLRequest, string>();
  return {
    requestDidStart({ request }) {
      const problem = refusal(request, trusted);
      if (problem === null) return;
      refused.set(request, problem);
      request.query = NOTHING;
      delete request.operationName;
      delete request.extensions;
    },
    didResolveOperation({ request }) {
      const problem = refused.get(request);
      if (problem !== undefined) throw new ApiError('PERSISTED_QUERY_REQUIRED', problem);
    },
  };
}

/** Why the request is refused; null where it may go on. */
function refusal({ query, extensions }: GraphQLRequest, { table }: TrustedDocuments): string | null {
  if (query !== undefined)
    return table.byText.has(query) ? null : 'only documents of the server’s manifest are executed';
  const hash = (extensions?.['persistedQuery'] as { sha256Hash?: unknown } | undefined)?.sha256Hash;
  // Without a hash either it is no GraphQL request, which Apollo says.
  if (hash === undefined || (typeof hash === 'string' && table.byHash.has(hash))) return null;
  return 'no document of the server’s manifest has this hash';
}
