/**
 * `documentId` of the GraphQL over HTTP draft "persisted documents", such as `sha256:7f5c…`, means the same as Apollo's
 * `extensions.persistedQuery`: what runs operations knows the latter alone.
 */

import { bareHash } from '../graphql/manifest.js';

/** The parameters of a request, its hash where Apollo expects it. */
export function withHash(parameters: Record<string, unknown>): Record<string, unknown> {
  const { documentId, ...others } = parameters;
  if (typeof documentId !== 'string') return parameters;
  return { ...others, extensions: { ...(others['extensions'] as object | undefined), ...hashOf(documentId) } };
}

/** The same for the search of an address. */
export function searchWithHash(search: string): string {
  if (!search.includes('documentId=')) return search;
  const parameters = new URLSearchParams(search);
  const documentId = parameters.get('documentId');
  if (documentId === null || parameters.has('extensions')) return search;
  parameters.set('extensions', JSON.stringify(hashOf(documentId)));
  return `?${parameters.toString()}`;
}

function hashOf(documentId: string): object {
  return { persistedQuery: { version: 1, sha256Hash: bareHash(documentId) } };
}
