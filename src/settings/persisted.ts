/** Settings of persisted operations, caches between, and the number of processes; docs/persisted-operations.md explains them. */
import { oneOf, type Setting, wholeNumber } from './setting.js';

export type PersistedMode = 'off' | 'apq' | 'only';

export const PERSISTED_SETTINGS = {
  persisted: {
    variable: 'PERSISTED',
    otherwise: 'apq' as PersistedMode,
    ...oneOf<PersistedMode>('off', 'apq', 'only'),
    purpose: 'operations by hash: none, any that a client registers, or only trusted ones',
  },
  persistedManifest: {
    variable: 'PERSISTED_MANIFEST',
    otherwise: null as string | null,
    allowed: 'path of a JSON file',
    parse: (text: string) => (text.trim() === '' ? undefined : (text as string | null)),
    purpose: 'trusted documents; without it, the documented operations',
  },
  apqCapacity: {
    variable: 'APQ_CAPACITY',
    otherwise: 10_000,
    ...wholeNumber(1, 10_000_000),
    purpose: 'documents that clients may register; the oldest goes first',
  },
  apqBytes: {
    variable: 'APQ_BYTES',
    otherwise: 50_000_000,
    ...wholeNumber(1_000, 10_000_000_000),
    purpose: 'size of all registered documents, bytes',
  },
  cacheMaxAgeS: {
    variable: 'CACHE_MAX_AGE_S',
    otherwise: 5,
    ...wholeNumber(0, 3_600),
    purpose: 'how long caches between may keep answers that are the same for everybody, s; 0: not at all',
  },
  processes: {
    variable: 'PROCESSES',
    otherwise: 1,
    ...wholeNumber(1, 128),
    purpose: '`recograph serve`: processes that share the port and the data folder',
  },
} satisfies Record<string, Setting<unknown>>;
