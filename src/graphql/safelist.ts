/**
 * With PERSISTED=only: refuses every document that is not trusted, before it is parsed. A trusted one may come by its hash or,
 * to the byte, as text.
 */
import { type ApolloServerPlugin, type GraphQLRequest, type GraphQLRequestListener } from '@apollo/server';
import { ApiError } from '../../resolvers/errors.js';
import { type RequestContext } from '../context.js';
import { type TrustedDocuments } from './trusted-documents.js';

/** Stands in for a refused document: Apollo has no hook before parsing that may refuse. */
const NOTHING = '{ __typename }';

export function safelist(trusted: TrustedDocuments): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart({ request }) {
      const problem = refusal(request, trusted);
      if (problem === null) return Promise.resolve();
      request.query = NOTHING;
      delete request.operationName;
      delete request.extensions;
      const listener: GraphQLRequestListener<RequestContext> = {
        didResolveOperation: () => Promise.reject(new ApiError('PERSISTED_QUERY_REQUIRED', problem)),
      };
      return Promise.resolve(listener);
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
