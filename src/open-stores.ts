/** The small stores as the settings have them: in Redis, which replicas share, where there is one; else in the data folder. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CachedDocumentTexts } from './cache/cached-document-texts.js';
import { type DocumentTexts } from './cache/document-texts.js';
import { LmdbDocumentTexts } from './cache/lmdb-document-texts.js';
import { LmdbSlateStore } from './cache/lmdb-slate-store.js';
import { RedisDocumentTexts } from './cache/redis-document-texts.js';
import { RedisSlateStore } from './cache/redis-slate-store.js';
import { type SlateStore } from './cache/slate-store.js';
import { type Config } from './config.js';
import { type Slate } from './engine/slate.js';
import { type Counters } from './limits/counters.js';
import { LmdbCounters } from './limits/lmdb-counters.js';
import { RedisCounters } from './limits/redis-counters.js';
import { SharedCounters } from './limits/shared-counters.js';
import { usesBlobStorage } from './open-artifacts.js';
import { LmdbUserRecords, openWrittenUserRecords } from './profiles/lmdb-user-records.js';
import { MemoryUserRecords } from './profiles/memory-user-records.js';
import { RedisUserRecords } from './profiles/redis-user-records.js';
import { type UserRecords } from './profiles/user-records.js';
import { type RedisConnection } from './remote/redis.js';
import { settingsKey } from './state/checkpoint.js';

/** Characters of registered documents that a process holds in front of Redis. */
const TEXTS_IN_MEMORY = 5_000_000;

const wallClock = (): number => Date.now();

export interface OpenUserRecords {
  readonly records: UserRecords;
  close(): Promise<void>;
}

/**
 * Users that left memory, where the checkpoints are: shared ones need records that are shared, and beside those of this machine lie
 * its own.
 */
export async function openUserRecords(config: Config, redis: RedisConnection | null): Promise<OpenUserRecords> {
  const settings = settingsKey(config.state);
  const shared = sharedRecords(config, redis);
  if (shared !== null) return shared;
  const folder = join(config.dataFolder, 'users');
  await mkdir(folder, { recursive: true });
  const records = new LmdbUserRecords({ folder, settings });
  return { records, close: () => records.close() };
}

/** The same for who only reads: what a fold lets go of itself stays with it, or is what servers write too. */
export function openWrittenRecords(config: Config, redis: RedisConnection | null): OpenUserRecords {
  const shared = sharedRecords(config, redis);
  if (shared !== null) return shared;
  const folder = join(config.dataFolder, 'users');
  const written = openWrittenUserRecords({ folder, settings: settingsKey(config.state) });
  return { records: new MemoryUserRecords(written), close: () => written?.close() ?? Promise.resolve() };
}

/** Null where the records are in the data folder. */
function sharedRecords(config: Config, redis: RedisConnection | null): OpenUserRecords | null {
  if (redis === null || !usesBlobStorage(config)) return null;
  const records = new RedisUserRecords({ redis, settings: settingsKey(config.state) });
  return { records, close: () => Promise.resolve() };
}

export function openSlates(config: Config, redis: RedisConnection | null): SlateStore<Slate> {
  const bounds = { capacity: config.slateCapacity, bytes: config.slateBytes, ttlMs: config.slateTtlMs };
  if (redis !== null) return new RedisSlateStore({ redis, ...bounds });
  return new LmdbSlateStore({ folder: join(config.dataFolder, 'slates'), ...bounds, clock: wallClock });
}

/** Null where nothing is limited. */
export function openCounters(
  config: Config,
  redis: RedisConnection | null,
  onProblem: (message: string) => void,
): Counters | null {
  if (!config.rateLimit) return null;
  const own = new LmdbCounters({ folder: join(config.dataFolder, 'limits'), clock: wallClock });
  if (redis === null) return own;
  return new SharedCounters({ shared: new RedisCounters({ redis }), own, onProblem, clock: () => performance.now() });
}

/** Null where clients may register nothing. */
export function openDocuments(config: Config, redis: RedisConnection | null): DocumentTexts | null {
  if (config.persisted !== 'apq') return null;
  const bounds = { capacity: config.apqCapacity, bytes: config.apqBytes };
  if (redis !== null) return new CachedDocumentTexts(new RedisDocumentTexts({ redis, ...bounds }), TEXTS_IN_MEMORY);
  return new LmdbDocumentTexts({ folder: join(config.dataFolder, 'documents'), ...bounds });
}
