/**
 * What Apollo asks for documents by hash: texts and parsed documents. Trusted ones come first and are never evicted; others are
 * those that clients registered, and the documents that were parsed last.
 */
import { type KeyValueCache } from '@apollo/utils.keyvaluecache';
import { type DocumentNode } from 'graphql';
import { type DocumentTexts } from '../cache/document-texts.js';
import { bareHash } from './manifest.js';
import { type TrustedDocuments } from './trusted-documents.js';

/** Apollo's key is a prefix and the hash; only a SHA-256 can have been registered. */
const SHA256 = /^[\da-f]{64}$/;

/** Texts by hash: trusted ones, then those that clients registered; null: none may be. */
export function persistedTexts(trusted: TrustedDocuments, registered: DocumentTexts | null): KeyValueCache<string> {
  return {
    async get(key) {
      const hash = bareHash(key);
      const text = trusted.table.byHash.get(hash)?.text;
      if (text !== undefined || registered === null || !SHA256.test(hash)) return text;
      return (await registered.get(hash)) ?? undefined;
    },
    async set(key, text) {
      await registered?.put(bareHash(key), text);
    },
    // Apollo deletes nothing.
    delete: () => Promise.resolve(false),
  };
}

/** Parsed documents by hash; `others` holds those that are not trusted. */
export function parsedDocuments(
  trusted: TrustedDocuments,
  others: KeyValueCache<DocumentNode>,
): KeyValueCache<DocumentNode> {
  return {
    get(key) {
      const known = trusted.table.byHash.get(bareHash(key));
      return known === undefined ? others.get(key) : Promise.resolve(known.document);
    },
    set: (key, document, options) => others.set(key, document, options),
    delete: (key) => others.delete(key),
  };
}
