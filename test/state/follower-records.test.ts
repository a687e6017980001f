import { readdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { LogTrimmedError } from '../../src/events/log.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { RedisUserRecords } from '../../src/profiles/redis-user-records.js';
import { type UserRecords } from '../../src/profiles/user-records.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { FilesCheckpointStore } from '../../src/state/files-checkpoint-store.js';
import { Follower } from '../../src/state/follower.js';
import { DEFAULT_STATE_SETTINGS, type StateSettings } from '../../src/state/state-settings.js';
import { viewsOf } from '../support/fold-over.js';
import { openMemoryLog } from '../support/memory-log.js';
import { randomEvents } from '../support/random-events.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';
import { withFolder } from '../support/server.js';
import { untilDone } from '../support/until.js';

const IDS = Array.from({ length: 30 }, (_, at) => `u${at}`);
const EVENTS = randomEvents({ seed: 21, count: 900, users: IDS.length }).map(({ event }) => event);
const settings: StateSettings = {
  ...DEFAULT_STATE_SETTINGS,
  scopes: ['all'],
  bounds: { users: 4, history: 8, readers: 8, coClicks: 8, sessions: 64, scopeValues: 8, scopeItems: 32, list: 8 },
};

/** Records in memory whose store can be waited for, or is away. */
class WaitedFor extends MemoryUserRecords implements UserRecords {
  away: Error | null = null;
  flushing: Promise<void> | null = null;

  override prefetch(): null {
    if (this.away !== null) throw this.away;
    return null;
  }

  override flush(): null {
    return this.flushing as null;
  }
}

describe('a follower whose users leave memory', () => {
  it('writes a checkpoint once what left is in the store, and none where it can’t get there', async () => {
    await withFolder(async (folder) => {
      const log = openMemoryLog();
      await log.append(EVENTS.slice(0, 50));
      const records = new WaitedFor();
      const follower = await Follower.open({ log, records, settings, checkpoints: new FilesCheckpointStore(folder) });
      let arrived = (): void => undefined;
      records.flushing = new Promise((resolve) => (arrived = resolve));
      const written = follower.checkpoint();
      await wait(20);
      expect(await readdir(folder)).toEqual([]);
      records.flushing = null;
      arrived();
      await written;
      expect(await readdir(folder)).toHaveLength(1);
      await log.append(EVENTS.slice(50, 60));
      await follower.catchUp();
      records.flushing = Promise.reject(new Error('the store is away'));
      await expect(follower.checkpoint()).rejects.toThrow('the store is away');
      expect(await readdir(folder)).toHaveLength(1);
    });
  });

  it('says once that it can’t fold, folds nothing meanwhile, and goes on of itself', async () => {
    const log = openMemoryLog();
    await log.append(EVENTS.slice(0, 50));
    const records = new WaitedFor();
    const told: string[] = [];
    const onProblem = (message: string): void => void told.push(message);
    const follower = await Follower.open({ log, records, settings, checkpoints: null, onProblem });
    const prefetch = jest.spyOn(records, 'prefetch');
    records.away = new Error('the store is away');
    await log.append(EVENTS.slice(50, 60));
    follower.follow(1);
    while (prefetch.mock.calls.length < 5) await wait(1);
    expect([follower.lag, told]).toEqual([10, ['folding failed, and is tried again: the store is away']]);
    records.away = null;
    while (follower.lag > 0) await wait(1);
    await follower.close();
    expect(told).toHaveLength(1);
  });
});

describe('a follower that can’t go on from where it stands', () => {
  it('tells it once, answers from the state that it has, and tries again less often than it looks', async () => {
    await withFolder(async (folder) => {
      const log = openMemoryLog();
      await log.append(EVENTS.slice(0, 50));
      const checkpoints = new FilesCheckpointStore(folder);
      const lists = jest.spyOn(checkpoints, 'list');
      const told: string[] = [];
      const records = new MemoryUserRecords();
      const onProblem = (message: string): void => void told.push(message);
      const follower = await Follower.open({ log, records, settings, checkpoints, onProblem });
      const { read } = log;
      let looks = 0;
      log.read = (after): ReturnType<typeof read> => {
        looks++;
        return Promise.reject(new LogTrimmedError(after, 100));
      };
      await log.append(EVENTS.slice(50, 60));
      lists.mockClear();
      follower.follow(1);
      while (lists.mock.calls.length < 3) await wait(1);
      expect(looks).toBeGreaterThan(2 * lists.mock.calls.length);
      expect(follower.state.position).toBe(50);
      expect(told).toEqual([
        expect.stringMatching(/^the state is folded anew: the event log begins at position 100/),
        expect.stringMatching(/^folding failed, and is tried again: the event log begins at position 100/),
      ]);
      log.read = read;
      while (follower.lag > 0) await wait(1);
      await follower.close();
      expect(told).toHaveLength(2);
    });
  });
});

describeWithRedis('a follower whose users leave memory for Redis', () => {
  let server: RedisServer;
  let redis: RedisConnection;
  beforeAll(async () => {
    server = await startRedis();
    redis = new RedisConnection({ url: server.url, timeoutMs: 5_000 });
    await untilDone(() => redis.call((client) => client.ping()));
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });

  it('begins anew from a checkpoint where another has let go of what it would read, and agrees with it', async () => {
    await withFolder(async (folder) => {
      const log = openMemoryLog();
      const told: string[] = [];
      const onProblem = (message: string): void => void told.push(message);
      const open = (): Promise<Follower> => {
        const records = new RedisUserRecords({ redis, settings: 'these', tenant: 'behind', nearBytes: 0 });
        return Follower.open({ log, records, settings, checkpoints: new FilesCheckpointStore(folder), onProblem });
      };
      await log.append(EVENTS.slice(0, 200));
      const behind = await open();
      await behind.state.records.flush();
      // Half of them stay near, as they were then; of the others it has to ask what they were.
      await behind.state.records.prefetch(['nobody', ...IDS.slice(0, 15)], 200);
      const ahead = await open();
      for (let from = 200; from < 800; from += 100) {
        await log.append(EVENTS.slice(from, from + 100));
        await ahead.catchUp();
        await ahead.checkpoint();
      }
      await log.append(EVENTS.slice(800));
      await ahead.catchUp();
      expect([behind.state.position, told]).toEqual([200, []]);
      await behind.catchUp();
      expect(told).toEqual([expect.stringMatching(/^the state is folded anew: the state stands at position 200/)]);
      expect(stateHash(behind.state)).toBe(stateHash(ahead.state));
      expect(await viewsOf(behind.state, IDS)).toEqual(await viewsOf(ahead.state, IDS));
    });
  });
});
