/** Settings of the services that replicas share: without them everything is kept in the data folder. */
import { oneOf, type Setting, wholeNumber } from './setting.js';

const REDIS_ADDRESS = /^rediss?:\/\/\S+$/;
const ACCOUNT = /^[a-z\d]{3,24}$/;
const CONTAINER = /^[a-z\d](-?[a-z\d]){2,62}$/;

export type LogTrim = 'off' | 'archived';

export const REMOTE_SETTINGS = {
  redisUrl: {
    variable: 'REDIS_URL',
    otherwise: null as string | null,
    allowed: 'redis://[user:password@]host:port, or rediss:// for TLS; of a cluster several, separated by commas',
    parse: (text: string) =>
      text.split(',').every((url) => REDIS_ADDRESS.test(url)) ? (text as string | null) : undefined,
    isSecret: true,
    purpose: 'Redis that replicas share: event log, spilled users, lists, limits, registered documents',
  },
  redisTimeoutMs: {
    variable: 'REDIS_TIMEOUT_MS',
    otherwise: 1_000,
    ...wholeNumber(10, 60_000),
    purpose: 'time for one call to Redis, ms',
  },
  redisWaitMs: {
    variable: 'REDIS_WAIT_MS',
    otherwise: 30_000,
    ...wholeNumber(0, 3_600_000),
    purpose:
      'how long a start waits for a Redis that is away, ms; after that it fails, and whoever started it tries again',
  },
  logTrim: {
    variable: 'LOG_TRIM',
    otherwise: 'off' as LogTrim,
    ...oneOf<LogTrim>('off', 'archived'),
    purpose:
      'whether the event log in Redis loses what checkpoints in Blob Storage and `recograph archive` have left behind',
  },
  azureConnectionString: {
    variable: 'AZURE_STORAGE_CONNECTION_STRING',
    otherwise: null as string | null,
    allowed: 'a connection string of Azure Storage',
    parse: (text: string) => (/=/.test(text) ? (text as string | null) : undefined),
    isSecret: true,
    purpose: 'Azure Blob Storage that replicas share: snapshots and checkpoints',
  },
  azureAccount: {
    variable: 'AZURE_STORAGE_ACCOUNT',
    otherwise: null as string | null,
    allowed: 'name of a storage account: 3 to 24 lower-case letters and digits',
    parse: (text: string) => (ACCOUNT.test(text) ? (text as string | null) : undefined),
    purpose: 'the same by managed identity, without a secret',
  },
  azureContainer: {
    variable: 'AZURE_STORAGE_CONTAINER',
    otherwise: 'recograph',
    allowed: 'name of a container: 3 to 63 lower-case letters, digits and single dashes',
    parse: (text: string) => (CONTAINER.test(text) ? text : undefined),
    purpose: 'container of snapshots and checkpoints; made where there is none',
  },
  blobTimeoutMs: {
    variable: 'BLOB_TIMEOUT_MS',
    otherwise: 10_000,
    ...wholeNumber(100, 600_000),
    purpose: 'time for one call to Azure Blob Storage, ms; a file is read in several',
  },
} satisfies Record<string, Setting<unknown>>;
