/**
 * What it costs to stand on services: a warm list through Redis and through the data folder, by turns, with what is said to Redis for
 * it; and how long a start takes with 400 MB of artifacts, from Azurite and from files, until the first list is answered with them.
 * node --require ./test/support/register-swc.cjs test/bench/services.bench.ts requests [ROUNDS=5] | start [MEGABYTES=400]
 */
import { Redis } from 'ioredis';
import { join } from 'node:path';
import { AzureBlobSnapshotStore } from '../../src/artifacts/azure-blob-snapshot-store.js';
import { FilesSnapshotStore } from '../../src/artifacts/files-snapshot-store.js';
import { type SnapshotStore } from '../../src/artifacts/snapshot-store.js';
import { startAzurite } from '../support/azurite.js';
import { connectTo } from '../support/blobs.js';
import { alsParts, publishFitted } from '../support/fitted.js';
import { httpLoad } from '../support/http-load.js';
import { memoryOf, peakOf } from '../support/memory-of.js';
import { redisCommands } from '../support/redis-commands.js';
import { ask, record } from '../support/replicas.js';
import { startRedis } from '../support/redis.js';
import { type ServerProcess, startProcess, withFolder } from '../support/server.js';

const USERS = 200;
const LIST = `query ($userId: ID!) { recommendations(userId: $userId, first: 20) {
  recommendationId nodes { rank score item { id } } degradations { code } } }`;
const bodyOf = (request: number): string =>
  JSON.stringify({ query: LIST, variables: { userId: `user-${request % USERS}` } });

async function fill({ url }: ServerProcess): Promise<void> {
  const ids = Array.from({ length: 300 }, (_, at) => `item-${at}`);
  await ask(url, 'mutation ($input: UpsertItemsInput!) { upsertItems(input: $input) { accepted } }', {
    input: { items: ids.map((id) => ({ id })) },
  });
  for (let step = 0; step < 8; step++) {
    await record(
      url,
      Array.from({ length: USERS }, (_, user) => ({
        userId: `user-${user}`,
        itemId: ids[(user * 37 + step * 11) % 300]!,
      })),
    );
  }
}

async function bytesOf(client: Redis): Promise<{ readonly sent: number; readonly received: number }> {
  const stats = await client.info('stats');
  const read = (name: string): number => Number(new RegExp(`${name}:(\\d+)`).exec(stats)![1]);
  return { sent: read('total_net_input_bytes'), received: read('total_net_output_bytes') };
}

async function requests(rounds: number): Promise<void> {
  await withFolder(async (folder) => {
    const redis = await startRedis();
    // Its limits count, as they do in production; they are so high that nobody meets them.
    const settings = {
      RATE_LIMIT: 'on',
      RATE_LIMITS: 'Query.recommendations=100000000/60s',
      DAILY_QUOTA: '1000000000',
    };
    const patient = { ...settings, MAX_EVENT_LOOP_DELAY_MS: '60000' };
    const servers = {
      'data folder': await startProcess(join(folder, 'a'), patient),
      Redis: await startProcess(join(folder, 'b'), { ...patient, REDIS_URL: redis.url }),
    };
    for (const server of Object.values(servers)) await fill(server);
    const rates: Record<string, number[]> = { 'data folder': [], Redis: [] };
    for (let round = 0; round <= rounds; round++) {
      for (const [name, { url }] of Object.entries(servers)) {
        const load = await httpLoad({
          url: `${url}/graphql`,
          connections: 32,
          seconds: 4,
          body: bodyOf,
          onAnswer: (status, body) => {
            if (status !== 200 || body.includes('"errors"') || !body.includes('"degradations":[]')) {
              throw new Error(`${status} ${body.slice(0, 200)}`);
            }
          },
        });
        // The first round warms up.
        if (round > 0) rates[name]!.push(load.perSecond);
        if (round > 0) {
          console.log(
            `${name}: ${load.perSecond.toFixed(0)} lists/s, p50 ${load.p50Ms.toFixed(1)}, p99 ${load.p99Ms.toFixed(1)} ms`,
          );
        }
      }
    }
    const ratios = rates['Redis']!.map((rate, round) => rate / rates['data folder']![round]!).sort((a, b) => a - b);
    console.log(
      `Redis to data folder: ${ratios[Math.floor(ratios.length / 2)]!.toFixed(2)} (${ratios.map((ratio) => ratio.toFixed(2)).join(', ')})`,
    );
    const client = new Redis(redis.url);
    const { url } = servers.Redis;
    const one = (request: number): Promise<unknown> =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: bodyOf(request),
      });
    const commands = await redisCommands(redis.url, () => one(1));
    const before = await bytesOf(client);
    for (let request = 0; request < 100; request++) await one(request);
    const after = await bytesOf(client);
    console.log(`one warm request by itself says to Redis: ${commands.join(', ')}`);
    console.log(
      `bytes a request: ${((after.sent - before.sent) / 100).toFixed(0)} to Redis, ${((after.received - before.received) / 100).toFixed(0)} from it`,
    );
    client.disconnect();
    for (const server of Object.values(servers)) await server.kill('SIGTERM');
    await redis.stop();
  });
}

const WIDTH = 128;

async function publishLarge(store: SnapshotStore, megabytes: number): Promise<string> {
  const itemIds = Array.from({ length: Math.round((megabytes * 1e6) / WIDTH / 4) }, (_, at) => `item-${at}`);
  return publishFitted(store, 0, { itemIds, als: alsParts(itemIds, { width: WIDTH }) });
}

async function firstList(folder: string, environment: Record<string, string>, id: string): Promise<void> {
  const from = performance.now();
  const server = await startProcess(join(folder, 'data'), environment);
  const { snapshot } = await ask<{ snapshot: { id: string } | null }>(
    server.url,
    '{ snapshot { id } popularItems(first: 3) { nodes { rank } } }',
  );
  const seconds = (performance.now() - from) / 1_000;
  if (snapshot?.id !== id) throw new Error(`the first list was made with ${snapshot?.id}`);
  const pid = server.process.pid!;
  const { whole, own } = memoryOf(pid);
  console.log(
    `  ${seconds.toFixed(2)} s to the first list; ${whole.toFixed(0)} MB resident (${own.toFixed(0)} its own), ${peakOf(pid).toFixed(0)} at most`,
  );
  await server.kill('SIGTERM');
}

async function start(megabytes: number): Promise<void> {
  await withFolder(async (folder) => {
    const azurite = await startAzurite();
    const container = 'large';
    const files = new FilesSnapshotStore(join(folder, 'data', 'snapshots'));
    const inFiles = await publishLarge(files, megabytes);
    const inBlob = await publishLarge(new AzureBlobSnapshotStore(connectTo(azurite.port, container)), megabytes);
    for (let round = 0; round < 3; round++) {
      console.log('from files');
      await firstList(folder, {}, inFiles);
      console.log('from Azurite');
      const blob = { AZURE_STORAGE_CONNECTION_STRING: azurite.connectionString, AZURE_STORAGE_CONTAINER: container };
      await firstList(folder, blob, inBlob);
    }
    await azurite.stop();
  });
}

const [what = 'requests', number] = process.argv.slice(2);
void (what === 'start' ? start(Number(number ?? 400)) : requests(Number(number ?? 5))).then(() => process.exit(0));
