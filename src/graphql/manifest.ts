/**
 * Reads a manifest of trusted documents. Two forms are known: `{ "hash": "document" }`, which GraphQL codegen's client preset
 * writes as persisted-documents.json, and Apollo's `apollo-persisted-query-manifest`.
 */
import { createHash } from 'node:crypto';

export interface ManifestEntry {
  /** The hash by which clients ask for it. */
  readonly id: string;
  readonly text: string;
}

/** A manifest that can't be served. The message names the entry and what is wrong with it. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
  readonly code = 'BAD_MANIFEST';
}

const APOLLO_FORMAT = 'apollo-persisted-query-manifest';

/** In the order of the file. @throws ManifestError */
export function parseManifest(text: string): readonly ManifestEntry[] {
  const manifest = parsed(text);
  if (!isRecord(manifest)) throw new ManifestError('the manifest is not a JSON object');
  const { format } = manifest;
  // No hash is called so, and no document is this text.
  if (format === APOLLO_FORMAT) return apolloEntries(manifest['operations']);
  return Object.entries(manifest).map(([id, document]) => entry(id, document));
}

function apolloEntries(operations: unknown): readonly ManifestEntry[] {
  if (!Array.isArray(operations)) throw new ManifestError(`the manifest is "${APOLLO_FORMAT}" without operations`);
  return operations.map((operation: unknown) => {
    const { id, body } = isRecord(operation) ? operation : {};
    return entry(id, body);
  });
}

function entry(id: unknown, text: unknown): ManifestEntry {
  if (typeof id !== 'string' || id === '') throw new ManifestError('an operation of the manifest has no id');
  if (typeof text !== 'string') throw new ManifestError(`document "${id}" of the manifest is not text`);
  // The prefix of the draft "persisted documents" says how the hash was made; it is no part of it here.
  return { id: bareHash(id), text };
}

/** A text under its SHA-256, as in a manifest. */
export function entryOf(text: string): ManifestEntry {
  return { id: createHash('sha256').update(text).digest('hex'), text };
}

/** The hash of an id such as `sha256:7f5c…`. */
export function bareHash(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ManifestError(`the manifest is not JSON: ${(error as Error).message}`);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
