/** Opens what the server needs for documents by hash and for caches, as the settings have it. */
import { InMemoryLRUCache } from '@apollo/utils.keyvaluecache';
import { type DocumentNode } from 'graphql';
import { type Logger } from 'pino';
import { type DocumentTexts } from '../cache/document-texts.js';
import { type Config } from '../config.js';
import { type Limits } from '../limits/open-limits.js';
import { tokenLimit } from '../limits/token-limit.js';
import { documentedTexts } from '../ide/operations.js';
import { type ApolloParts } from './apollo.js';
import { beyondLimits } from './beyond-limits.js';
import { cacheHints } from './cache-hints.js';
import { entryOf } from './manifest.js';
import { type OperationHooks } from './operation-hooks.js';
import { parsedDocuments, persistedTexts } from './persisted-documents.js';
import { safelist } from './safelist.js';
import { TrustedDocuments } from './trusted-documents.js';

export interface Persisted {
  readonly trusted: TrustedDocuments;
  readonly documents: NonNullable<ApolloParts['documents']>;
  readonly hooks: readonly OperationHooks[];
  close(): void;
}

/** Parsed documents that are not trusted, kept in memory, bytes of their JSON. */
const PARSED_BYTES = 30 * 2 ** 20;

export interface PersistedParts {
  readonly limits: Pick<Limits, 'schema' | 'rules'>;
  readonly config: Config;
  /** What clients register; null where they may register nothing. */
  readonly registered: DocumentTexts | null;
  readonly log: Logger;
}

/** @throws ManifestError */
export async function openPersisted({ limits, config, registered, log }: PersistedParts): Promise<Persisted> {
  const { persisted: mode, persistedManifest: manifest } = config;
  const otherwise = manifest === null ? (await documentedTexts()).map(entryOf) : [];
  const { schema, rules } = limits;
  const beyond = beyondLimits({ schema, rules, demandDocument: tokenLimit(config) });
  const trusted = await TrustedDocuments.open({ schema, manifest, otherwise, beyond, log });
  const unfollow = trusted.follow();
  const parsed = new InMemoryLRUCache<DocumentNode>({
    maxSize: PARSED_BYTES,
    sizeCalculation: (document) => InMemoryLRUCache.sizeCalculation(document),
  });
  return {
    trusted,
    documents: {
      persistedQueries: mode === 'off' ? false : { cache: persistedTexts(trusted, registered) },
      documentStore: parsedDocuments(trusted, parsed),
    },
    hooks: [...(mode === 'only' ? [safelist(trusted)] : []), cacheHints(config.cacheMaxAgeS)],
    close: unfollow,
  };
}
