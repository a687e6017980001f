import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Erasures } from '../src/erasures.js';
import { MemoryUserRecords } from '../src/profiles/memory-user-records.js';
import { RedisErasureNotes } from '../src/redis-erasure-notes.js';
import { RedisConnection } from '../src/remote/redis.js';
import { redisKey } from '../src/remote/redis-key.js';
import { Follower } from '../src/state/follower.js';
import { DEFAULT_STATE_SETTINGS } from '../src/state/state-settings.js';
import { erasureNotesContract, NOTE } from './contracts/erasure-notes.contract.js';
import { openMemoryLog } from './support/memory-log.js';
import { describeWithRedis, type RedisServer, startRedis } from './support/redis.js';
import { withFolder } from './support/server.js';
import { click, NOON } from './support/state.js';
import { until } from './support/until.js';

describeWithRedis('Redis', () => {
  let server: RedisServer;
  let redis: RedisConnection;
  beforeAll(async () => {
    server = await startRedis();
    redis = new RedisConnection({ url: server.url, timeoutMs: 5_000 });
    await until(() => redis.call((client) => client.ping()));
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });

  erasureNotesContract('Redis', () => {
    const tenant = randomUUID();
    const key = redisKey(tenant, 'erasures');
    return Promise.resolve({
      notes: new RedisErasureNotes({ redis, tenant }),
      damage: async (name, text) => void (await redis.call((client) => client.hset(key, name, text))),
    });
  });

  it('leaves a note to the replica that is at it, until that has not been heard of for long', async () => {
    const tenant = randomUUID();
    const [one, other] = [0, 1].map(() => new RedisErasureNotes({ redis, tenant, heldMs: 200 }));
    await one!.write(NOTE);
    expect(await other!.claim(NOTE)).toBe(false);
    await until(() => other!.claim(NOTE));
    expect(await one!.claim(NOTE)).toBe(false);
    await other!.remove(NOTE.pseudonym);
    expect(await one!.claim(NOTE)).toBe(true);
  });

  it('leaves a note to the replica that holds it, however long that takes', async () => {
    const tenant = randomUUID();
    const [one, other] = [0, 1].map(() => new RedisErasureNotes({ redis, tenant, heldMs: 400 }));
    await one!.write(NOTE);
    const letGo = one!.hold(NOTE);
    const claims: boolean[] = [];
    for (let time = 0; time < 20; time++) {
      claims.push(await other!.claim(NOTE));
      await wait(60);
    }
    expect(claims).toEqual(Array(20).fill(false));
    letGo();
    await until(() => other!.claim(NOTE));
  });

  it('says that a note could not be removed', async () => {
    const tenant = randomUUID();
    const notes = new RedisErasureNotes({ redis, tenant });
    await redis.call((client) => client.set(redisKey(tenant, 'erasures'), 'something else'));
    await expect(notes.remove(NOTE.pseudonym)).rejects.toThrow('WRONGTYPE');
  });

  it('says that it is away, and has the note when it is back', async () => {
    const notes = new RedisErasureNotes({ redis, tenant: randomUUID() });
    await notes.write(NOTE);
    await server.signal('SIGKILL');
    await expect(notes.write({ ...NOTE, position: 8 })).rejects.toMatchObject({ code: 'REMOTE_UNAVAILABLE' });
    await server.restart();
    await until(() => redis.call((client) => client.ping()));
    expect(await notes.read('erased-1')).toEqual(NOTE);
  });
});

describeWithRedis('an erasure that takes longer than a replica may be silent', () => {
  it('is not begun by another replica', () =>
    withFolder(async (folder) => {
      const server = await startRedis();
      const redis = new RedisConnection({ url: server.url, timeoutMs: 5_000 });
      await until(() => redis.call((client) => client.ping()));
      const log = openMemoryLog();
      await log.append([click('anna', 'a', 0)]);
      const records = new MemoryUserRecords();
      const follower = await Follower.open({ log, records, settings: DEFAULT_STATE_SETTINGS, checkpoints: null });
      const begun: string[] = [];
      const replica = (name: string, slow: Promise<void>): Erasures =>
        new Erasures({
          notes: new RedisErasureNotes({ redis, heldMs: 300 }),
          replays: folder,
          trainings: folder,
          log,
          follower,
          slates: { forget: () => (begun.push(name), slow.then(() => 0)) },
          now: () => NOON,
          onProblem: () => undefined,
        });
      let goOn = (): void => undefined;
      const erasing = replica('one', new Promise((resolve) => (goOn = resolve))).erase('anna', NOON);
      await until(() => begun.length > 0);
      const other = replica('other', Promise.resolve());
      for (let look = 0; look < 20; look++) {
        await other.resume();
        await wait(50);
      }
      expect(begun).toEqual(['one']);
      goOn();
      await erasing;
      await redis.close();
      await server.stop();
    }));
});
