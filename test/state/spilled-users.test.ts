import { join } from 'node:path';
import { type LogEntry } from '../../src/events/log.js';
import { seededRandom } from '../../src/math/random.js';
import { LmdbUserRecords } from '../../src/profiles/lmdb-user-records.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { RedisUserRecords } from '../../src/profiles/redis-user-records.js';
import { type UserRecords } from '../../src/profiles/user-records.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { checkpointsOf, readCheckpoint, stateHash, writeCheckpoint } from '../../src/state/checkpoint.js';
import { LiveState } from '../../src/state/live-state.js';
import { DEFAULT_STATE_SETTINGS, type StateSettings } from '../../src/state/state-settings.js';
import { flushed } from '../contracts/user-records.contract.js';
import { foldNext, viewsOf } from '../support/fold-over.js';
import { randomEvents } from '../support/random-events.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';
import { withFolder } from '../support/server.js';
import { untilDone } from '../support/until.js';

const USERS = 60;
const IDS = Array.from({ length: USERS }, (_, at) => `u${at}`);
const SETTINGS: StateSettings = {
  ...DEFAULT_STATE_SETTINGS,
  scopes: ['all', 'region'],
  bounds: { users: 5, history: 12, readers: 8, coClicks: 8, sessions: 64, scopeValues: 8, scopeItems: 32, list: 8 },
};
/** Nearly nothing: what is read was in the store, and not by chance still here. */
const NEAR_BYTES = 4_000;
const MARK = 500;

interface Fold {
  readonly state: LiveState;
  /** Hash of the state at every 500th position. */
  readonly hashes: Map<number, string>;
}

function begin(records: UserRecords): Fold {
  return { state: new LiveState(SETTINGS, records), hashes: new Map() };
}

/** Folds up to so many entries more, and not past a mark. */
async function goOn({ state, hashes }: Fold, entries: readonly LogEntry[], count: number): Promise<void> {
  await foldNext(state, entries, Math.min(count, MARK - (state.position % MARK)));
  if (state.position % MARK === 0) hashes.set(state.position, stateHash(state));
}

async function foldAll(records: UserRecords, entries: readonly LogEntry[], seed: number): Promise<Fold> {
  const fold = begin(records);
  const random = seededRandom(seed);
  while (fold.state.position < entries.length) await goOn(fold, entries, 1 + random.below(200));
  return fold;
}

describeWithRedis('users that left memory', () => {
  let server: RedisServer;
  let redis: RedisConnection;
  let tenants = 0;
  beforeAll(async () => {
    server = await startRedis();
    redis = new RedisConnection({ url: server.url, timeoutMs: 5_000 });
    await untilDone(() => redis.call((client) => client.ping()));
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });

  /** Opens records over a store that nobody has written to. */
  function store(): () => RedisUserRecords {
    const tenant = `t${++tenants}`;
    return () => new RedisUserRecords({ redis, settings: 'these', tenant, nearBytes: NEAR_BYTES });
  }

  it('are told the same from Redis, lmdb and memory, and make the same state', async () => {
    await withFolder(async (folder) => {
      const entries = randomEvents({ seed: 1, count: 3_000, users: USERS });
      const memory = await foldAll(new MemoryUserRecords(), entries, 2);
      const lmdbRecords = new LmdbUserRecords({ folder: join(folder), settings: 'these' });
      const lmdb = await foldAll(lmdbRecords, entries, 3);
      const over = await foldAll(store()(), entries, 4);
      expect(memory.state.users.hasSpilled).toBe(true);
      expect(memory.hashes.size).toBe(6);
      expect(lmdb.hashes).toEqual(memory.hashes);
      expect(over.hashes).toEqual(memory.hashes);
      const views = await viewsOf(memory.state, IDS);
      expect(views.filter((view) => view !== null).length).toBeGreaterThan(30);
      expect(await viewsOf(lmdb.state, IDS)).toEqual(views);
      expect(await viewsOf(over.state, IDS)).toEqual(views);
      await lmdbRecords.close();
    });
  });

  it('are told right to two replicas that fold at different paces over one Redis', async () => {
    for (const seed of [5, 6]) {
      const entries = randomEvents({ seed, count: 1_500, users: USERS });
      const memory = await foldAll(new MemoryUserRecords(), entries, seed);
      const open = store();
      const [ahead, behind] = [begin(open()), begin(open())];
      const random = seededRandom(seed, 1);
      while (behind.state.position < entries.length) {
        // The one behind stands still now and then, and then comes closer, with what the other has written before it.
        if (ahead.state.position < entries.length) await goOn(ahead, entries, 1 + random.below(120));
        if (random.below(3) > 0) await goOn(behind, entries, 1 + random.below(120));
      }
      expect(ahead.hashes).toEqual(memory.hashes);
      expect(behind.hashes).toEqual(memory.hashes);
      expect(await viewsOf(behind.state, IDS)).toEqual(await viewsOf(memory.state, IDS));
    }
  });

  it('are told right to a replica that starts from the oldest checkpoint of another that has gone on', async () => {
    await withFolder(async (folder) => {
      const entries = randomEvents({ seed: 8, count: 2_000, users: USERS });
      const memory = await foldAll(new MemoryUserRecords(), entries, 1);
      const open = store();
      const first = begin(open());
      while (first.state.position < entries.length) {
        await goOn(first, entries, 100);
        if (first.state.position % MARK !== 0) continue;
        await flushed(first.state.records);
        await writeCheckpoint(folder, first.state);
        first.state.records.keepFrom((await checkpointsOf(folder)).at(-1)!.position);
      }
      const { file, position } = (await checkpointsOf(folder)).at(-1)!;
      expect(position).toBe(1_500);
      const second = begin(open());
      await readCheckpoint(join(folder, file), second.state);
      while (second.state.position < entries.length) await goOn(second, entries, 70);
      expect(second.hashes.get(2_000)).toBe(memory.hashes.get(2_000));
      expect(await viewsOf(second.state, IDS)).toEqual(await viewsOf(memory.state, IDS));
    });
  });

  it('are asked for only once somebody may have left, and never in a fold that was not made ready', async () => {
    const open = store();
    const records = open();
    const { state } = begin(records);
    const calls = jest.spyOn(redis, 'call');
    const entries = randomEvents({ seed: 9, count: 40, users: 5, leaving: 0 });
    await foldNext(state, entries, 2);
    await foldNext(state, entries, 38);
    expect([state.users.hasSpilled, calls.mock.calls.length]).toEqual([false, 0]);
    const more = ['x', 'y', 'z'].map((userId, at) => ({
      position: 41 + at,
      event: { kind: 'profile', userId, at: 0 } as const,
    }));
    await foldNext(state, [...entries, ...more], 3);
    expect([state.users.hasSpilled, calls.mock.calls.length]).toEqual([true, 1]);
    expect(() => state.apply({ kind: 'profile', userId: 'unasked', at: 0 }, 44)).toThrow('not prefetched');
    calls.mockRestore();
    // Whoever left is in the store before the next batch is folded.
    const left = ['u0', 'u1', 'u2', 'u3', 'u4'].filter((userId) => state.users.find(userId) === -1);
    await foldNext(state, [...entries, ...more, { position: 44, event: more[2]!.event }], 1);
    const other = open();
    await other.prefetch(left, 44);
    expect(left.map((userId) => other.get(userId, 44))).not.toContain(undefined);
    expect(left.length).toBeGreaterThan(0);
  });
});
