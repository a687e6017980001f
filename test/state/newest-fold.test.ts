import { RedisUserRecords } from '../../src/profiles/redis-user-records.js';
import { type BlobConnection } from '../../src/remote/blob/blob-connection.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { AzureBlobCheckpointStore } from '../../src/state/azure-blob-checkpoint-store.js';
import { settingsKey, stateHash } from '../../src/state/checkpoint.js';
import { Follower } from '../../src/state/follower.js';
import { DEFAULT_STATE_SETTINGS, type StateSettings } from '../../src/state/state-settings.js';
import { type AzuriteServer, startAzurite } from '../support/azurite.js';
import { connectTo, newContainer } from '../support/blobs.js';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.js';
import { viewsOf } from '../support/fold-over.js';
import { openMemoryLog } from '../support/memory-log.js';
import { randomEvents } from '../support/random-events.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';
import { untilDone } from '../support/until.js';

const IDS = Array.from({ length: 30 }, (_, at) => `u${at}`);
const EVENTS = randomEvents({ seed: 21, count: 900, users: IDS.length }).map(({ event }) => event);
const THESE: StateSettings = {
  ...DEFAULT_STATE_SETTINGS,
  scopes: ['all'],
  bounds: { users: 4, history: 8, readers: 8, coClicks: 8, sessions: 64, scopeValues: 8, scopeItems: 32, list: 8 },
};
const THOSE: StateSettings = { ...THESE, bounds: { ...THESE.bounds, users: 5 } };

describeWithRedis('the start of replicas that share checkpoints and the records of users who left memory', () => {
  let server: RedisServer;
  let redis: RedisConnection;
  let azurite: AzuriteServer;
  let proxy: FaultProxy;
  let tenants = 0;
  beforeAll(async () => {
    [server, azurite] = await Promise.all([startRedis(), startAzurite()]);
    proxy = await startFaultProxy(azurite.port);
    redis = new RedisConnection({ url: server.url, timeoutMs: 5_000 });
    await untilDone(() => redis.call((client) => client.ping()));
  });
  afterEach(() => proxy.set({}));
  afterAll(async () => {
    await redis.close();
    await proxy.close();
    await azurite.stop();
    await server.stop();
  });

  interface Replica {
    readonly follower: Follower;
    readonly store: AzureBlobCheckpointStore;
    /** Its problems. */
    readonly told: readonly string[];
  }
  interface Place {
    /** Over the proxy. */
    readonly far: BlobConnection;
    readonly open: (settings: StateSettings, connection?: BlobConnection) => Promise<Replica>;
    /** Appends some of the events; the replica folds them and writes a checkpoint where it is the one that does. */
    readonly advance: (replica: Replica, count: number) => Promise<void>;
  }

  async function withPlace(run: (place: Place) => Promise<void>): Promise<void> {
    const log = { ...openMemoryLog(), history: 'shared' };
    const container = newContainer();
    const tenant = `t${++tenants}`;
    const stores: AzureBlobCheckpointStore[] = [];
    const near = connectTo(azurite.port, container);
    const open: Place['open'] = async (settings, connection = near) => {
      const told: string[] = [];
      const store = new AzureBlobCheckpointStore({ connection, leaseSeconds: 15 });
      stores.push(store);
      const records = new RedisUserRecords({ redis, settings: settingsKey(settings), tenant, nearBytes: 0 });
      const onProblem = (message: string): void => void told.push(message);
      const follower = await Follower.open({ log, records, settings, checkpoints: store, onProblem });
      return { follower, store, told };
    };
    let next = 0;
    const advance: Place['advance'] = async ({ follower }, count) => {
      await log.append(EVENTS.slice(next, (next += count)));
      await follower.catchUp();
      await follower.checkpoint();
    };
    await run({ far: connectTo(proxy.port, container, { timeoutMs: 400 }), open, advance });
    proxy.set({});
    for (const store of stores) await store.close().catch(() => undefined);
  }

  const expectEqual = async ({ follower: one }: Replica, { follower: other }: Replica): Promise<void> => {
    expect(stateHash(one.state)).toBe(stateHash(other.state));
    expect(await viewsOf(one.state, IDS)).toEqual(await viewsOf(other.state, IDS));
  };

  it('goes well again and again for a replica with other settings that has not written a checkpoint yet', () =>
    withPlace(async ({ open, advance }) => {
      const old = await open(THESE);
      for (const count of [300, 100, 100]) await advance(old, count);
      const first = await open(THOSE);
      // The old one is the one that writes: there is no checkpoint of these settings, and nothing is let go of for it.
      for (const count of [50, 50, 50]) {
        await advance(first, count);
        await old.follower.catchUp();
        await old.follower.checkpoint();
      }
      const again = await open(THOSE);
      expect(again.told.filter((message) => !message.includes('under other settings'))).toEqual([]);
      await expectEqual(again, first);
      // Once it writes there are those of both, as long as there are fewer than two of its own.
      await old.store.close();
      await advance(again, 50);
      const [own, others] = await again.store.list();
      expect([own!.settings, others!.settings]).toEqual([settingsKey(THOSE), settingsKey(THESE)]);
      await expectEqual(await open(THESE), await open(THESE));
      await advance(again, 50);
      expect((await again.store.list()).map(({ settings }) => settings)).toEqual(Array(2).fill(settingsKey(THOSE)));
      await expectEqual(await open(THOSE), again);
    }));

  it('goes well without Blob Storage though users have left memory, and whoever starts later agrees', () =>
    withPlace(async ({ open, advance, far }) => {
      const writer = await open(THESE);
      for (const count of [300, 100, 100, 100]) await advance(writer, count);
      proxy.set({ away: true });
      const alone = await open(THESE, far);
      expect(alone.follower.state.position).toBe(600);
      expect(alone.follower.state.records.fold).toBe(1);
      await expectEqual(alone, writer);
      // It is the one that writes later: whoever starts from its checkpoint reads its records.
      proxy.set({});
      await writer.store.close();
      for (const count of [100, 50]) await untilDone(() => advance(alone, count));
      await writer.follower.catchUp();
      const later = await open(THESE);
      expect(later.follower.state.records.fold).toBe(1);
      expect(later.told).toEqual([]);
      await expectEqual(later, alone);
      await expectEqual(later, writer);
    }));

  it('goes well where all checkpoints are gone, however often', () =>
    withPlace(async ({ open, advance }) => {
      let replica = await open(THESE);
      for (const count of [300, 100, 100]) await advance(replica, count);
      for (const fold of [1, 2]) {
        const anew = await open(THESE, connectTo(azurite.port, newContainer()));
        expect(anew.follower.state.records.fold).toBe(fold);
        await expectEqual(anew, replica);
        for (const count of [50, 50]) await advance(anew, count);
        await replica.follower.catchUp();
        replica = anew;
      }
    }));
});
