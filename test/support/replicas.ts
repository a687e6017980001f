/** Replicas of a server on one Redis and one Azurite, each with a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AzuriteServer, startAzurite } from './azurite.js';
import { type RedisServer, startRedis } from './redis.js';
import { type LogLine, send, type ServerProcess, startProcess } from './server.js';

export interface Services {
  readonly redis: RedisServer;
  readonly azurite: AzuriteServer;
  /** What a replica or a command must be told. */
  readonly environment: Readonly<Record<string, string>>;
  /** Starts a replica with an empty folder. */
  replica(more?: Readonly<Record<string, string>>, onLine?: (line: LogLine) => void): Promise<ServerProcess>;
  stop(): Promise<void>;
}

export async function startServices(): Promise<Services> {
  const [redis, azurite] = await Promise.all([startRedis(), startAzurite()]);
  const folders: string[] = [];
  const environment = { REDIS_URL: redis.url, AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString };
  return {
    redis,
    azurite,
    environment,
    async replica(more = {}, onLine = () => undefined) {
      const folder = await mkdtemp(join(tmpdir(), 'recograph-replica-'));
      folders.push(folder);
      return startProcess(join(folder, 'data'), { ...environment, ...more }, { onLine });
    },
    async stop() {
      await Promise.all([redis.stop(), azurite.stop()]);
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The data of an operation that must not fail. */
export async function ask<Data>(url: string, query: string, variables: object = {}): Promise<Data> {
  const { data, errors } = await send(`${url}/graphql`, JSON.stringify({ query, variables }));
  if (errors !== undefined) throw new Error(`${errors[0]!.extensions.code}: ${errors[0]!.message}`);
  return data as Data;
}

export const RECORD = `mutation ($input: RecordInteractionsInput!) {
  recordInteractions(input: $input) { accepted logPosition } }`;

/** Records interactions; resolves to the position of the log after them. */
export async function record(url: string, interactions: readonly object[]): Promise<number> {
  const { recordInteractions } = await ask<{ recordInteractions: { logPosition: string } }>(url, RECORD, {
    input: { interactions },
  });
  return Number(recordInteractions.logPosition);
}

export interface Readiness {
  readonly ready: boolean;
  readonly position: number;
  readonly reasons: readonly string[];
  readonly troubles: readonly string[];
}

/** Where a replica stands, and whether it takes requests. */
export async function readiness(url: string): Promise<Readiness> {
  return (await fetch(`${url}/readyz`)).json() as never;
}
