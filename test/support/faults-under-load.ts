/**
 * Two replicas behind a balancer on one Redis and one Azurite, asked and written to while something is done to them or to what they
 * stand on, and undone. Each fault says how to do both; what came of the traffic is told.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { AzureBlobSnapshotStore } from '../../src/artifacts/azure-blob-snapshot-store.js';
import { type Event } from '../../src/events/event.js';
import { openRedisLog } from '../../src/events/redis-log.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { type Balancer, startBalancer } from './balancer.js';
import { connectTo } from './blobs.js';
import { publishFitted } from './fitted.js';
import { startTraffic, type Tally } from './readers-and-writers.js';
import { ask, readiness, record, type Services, startServices } from './replicas.js';
import { type ServerProcess } from './server.js';
import { draft } from './snapshots.js';
import { until } from './until.js';

export const ITEMS = Array.from({ length: 120 }, (_, at) => `item-${at}`);
const CONTAINER = 'faults';
const SETTINGS = { AZURE_STORAGE_CONTAINER: CONTAINER, SNAPSHOT_POLL_MS: '200', DRAIN_DELAY_MS: '500' };

export interface World {
  readonly services: Services;
  readonly balancer: Balancer;
  readonly replicas: ServerProcess[];
  readonly snapshots: AzureBlobSnapshotStore;
  /** How many snapshots were published so far. */
  published: number;
  close(): Promise<void>;
}

export interface Fault {
  readonly name: string;
  /** Does it; resolves when it is done. */
  begin(world: World): Promise<void>;
  /** Undoes it. */
  end(world: World): Promise<void>;
  /** Whether all is well again. */
  isOver?(world: World): Promise<boolean>;
}

/** What a fault did to the traffic. */
export interface Outcome {
  readonly name: string;
  readonly tally: Tally;
  /** From the end of the fault until all replicas were ready and a write was acknowledged, ms. */
  readonly recoveryMs: number;
  /** Acknowledged clicks that are not in the log, and such as are in it twice. */
  readonly lost: number;
  readonly doubled: number;
}

export async function openWorld(): Promise<World> {
  const services = await startServices();
  const balancer = await startBalancer();
  const connection = connectTo(services.azurite.port, CONTAINER);
  const snapshots = new AzureBlobSnapshotStore(connection);
  const replicas = [await services.replica(SETTINGS), await services.replica(SETTINGS)];
  const [{ url }] = replicas as [ServerProcess];
  await ask(url, 'mutation ($input: UpsertItemsInput!) { upsertItems(input: $input) { accepted } }', {
    input: { items: ITEMS.map((id) => ({ id })) },
  });
  const clicks = Array.from({ length: 1_000 }, (_, at) => ({
    userId: `user-${at % 200}`,
    itemId: ITEMS[(at * 7 + Math.floor(at / 200)) % ITEMS.length]!,
  }));
  await record(url, clicks);
  await publishFitted(snapshots, 0, { itemIds: ITEMS });
  balancer.use(replicas.map((replica) => replica.url));
  const world: World = {
    services,
    balancer,
    replicas,
    snapshots,
    published: 1,
    async close() {
      await balancer.close();
      for (const replica of replicas) await replica.kill('SIGKILL');
      await services.stop();
    },
  };
  await until(() => servesNewest(world));
  return world;
}

export interface RunOptions {
  /** Before, during and after the fault together, s. */
  readonly seconds: number;
  readonly readers: number;
  readonly pauseMs: number;
}

export async function run(world: World, fault: Fault, { seconds, readers, pauseMs }: RunOptions): Promise<Outcome> {
  const traffic = startTraffic({ url: world.balancer.url, readers, writers: 4, pauseMs, items: ITEMS });
  await wait(seconds * 250);
  await fault.begin(world);
  await wait(seconds * 400);
  const endedAt = performance.now();
  await fault.end(world);
  await until(async () => {
    const all = await Promise.all(world.replicas.map(({ url }) => readiness(url)));
    return all.every(({ ready }) => ready) && traffic.lastWriteAt > endedAt && ((await fault.isOver?.(world)) ?? true);
  });
  const recoveryMs = performance.now() - endedAt;
  await wait(seconds * 350);
  const tally = await traffic.stop();
  return { name: fault.name, tally, recoveryMs, ...(await missing(world, tally)) };
}

/** Reads the whole log for what was acknowledged. */
async function missing(
  { services }: World,
  { acknowledged }: Tally,
): Promise<{ readonly lost: number; readonly doubled: number }> {
  const redis = new RedisConnection({ url: services.redis.url, timeoutMs: 10_000 });
  const log = await openRedisLog({ redis, timeoutMs: 10_000 });
  const seen = new Map<string, number>();
  for (let position = 0; ;) {
    const entries = await log.read(position, 4_096);
    if (entries.length === 0) break;
    position = entries.at(-1)!.position;
    for (const { event } of entries) {
      const id = idOf(event);
      if (id !== null && acknowledged.has(id)) seen.set(id, (seen.get(id) ?? 0) + 1);
    }
  }
  await log.close();
  await redis.close();
  const doubled = [...seen.values()].filter((times) => times > 1).length;
  return { lost: acknowledged.size - seen.size, doubled };
}

const idOf = (event: Event): string | null => (event.kind === 'interaction' ? (event.id ?? null) : null);

async function servesNewest({ replicas, snapshots }: World): Promise<boolean> {
  const current = await snapshots.current();
  const used = await Promise.all(
    replicas.map(
      async ({ url }) => (await ask<{ snapshot: { id: string } | null }>(url, '{ snapshot { id } }')).snapshot,
    ),
  );
  return used.every((snapshot) => snapshot?.id === current);
}

async function publish(world: World): Promise<void> {
  await publishFitted(world.snapshots, world.published++, { itemIds: ITEMS });
}

async function replace(world: World, index: number): Promise<void> {
  world.replicas[index] = await world.services.replica(SETTINGS);
  world.balancer.use(world.replicas.map(({ url }) => url));
}

export const FAULTS: readonly Fault[] = [
  {
    name: 'Redis killed',
    begin: ({ services }) => services.redis.signal('SIGKILL'),
    end: ({ services }) => services.redis.restart(),
  },
  {
    name: 'Redis frozen',
    begin: ({ services }) => services.redis.signal('SIGSTOP'),
    end: ({ services }) => services.redis.signal('SIGCONT'),
  },
  {
    name: 'Blob Storage killed',
    begin: ({ services }) => services.azurite.kill(),
    end: ({ services }) => services.azurite.restart(),
  },
  {
    name: 'corrupt snapshot',
    // Its checksums are right; what is in it is no snapshot that lists can be made with.
    async begin(world) {
      const { snapshots } = world;
      const { id } = await snapshots.publish(draft(world.published++));
      await snapshots.moveLatest(await snapshots.latest(), id);
    },
    end: publish,
    isOver: servesNewest,
  },
  { name: 'good snapshot', begin: publish, end: publish, isOver: servesNewest },
  {
    name: 'replica ended by SIGTERM',
    begin: async ({ replicas }) => void (await replicas[0]!.kill('SIGTERM')),
    end: (world) => replace(world, 0),
  },
  {
    name: 'replica ended by SIGKILL',
    begin: async ({ replicas }) => void (await replicas[1]!.kill('SIGKILL')),
    end: (world) => replace(world, 1),
  },
];
