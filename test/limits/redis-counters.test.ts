import { RedisCounters } from '../../src/limits/redis-counters.js';
import { type RedisConnection } from '../../src/remote/redis.js';
import { redisKey } from '../../src/remote/redis-key.js';
import { countersContract, WINDOW_MS } from '../contracts/counters.contract.js';
import { connectedRedis } from '../support/connected-redis.js';
import { untilDone } from '../support/until.js';
import { startFaultProxy } from '../support/fault-proxy.js';
import { redisCommands } from '../support/redis-commands.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';

const AWAY = { code: 'REMOTE_UNAVAILABLE' };
const DAY_MS = 86_400_000;

describeWithRedis('RedisCounters', () => {
  let server: RedisServer;
  let redis: RedisConnection;
  let tenants = 0;
  beforeAll(async () => {
    server = await startRedis();
    redis = await connectedRedis(server.port);
  });
  afterAll(() => server.stop());
  const countersOf = (tenant: string, connection = redis): RedisCounters =>
    new RedisCounters({ redis: connection, tenant });

  describe('as all counters', () => {
    countersContract(async () => {
      const tenant = `t${tenants++}`;
      const another = await connectedRedis(server.port);
      const counters = countersOf(tenant);
      return {
        counters,
        other: countersOf(tenant, another),
        async elapse(ms) {
          for (const key of await redis.client.keys(redisKey(tenant, 'limits', '*')))
            await redis.client.pexpire(key, Math.floor((await redis.client.pttl(key)) - ms));
        },
        close: () => counters.close(),
      };
    });
  });

  it('sends what one turn adds in one round trip, whichever operations add it', async () => {
    const counters = countersOf('trips');
    await counters.add('warm', 1, WINDOW_MS);
    const operation = async (name: string): Promise<void> => {
      await Promise.resolve();
      await Promise.all([counters.add(`day ${name}`, 1, DAY_MS), counters.add(`cost ${name}`, 70, WINDOW_MS)]);
    };
    const seen = await redisCommands(server.url, () => Promise.all(['a', 'b', 'c'].map(operation)));
    expect(seen).toEqual(['evalsha']);
    expect(await counters.add('cost c', 1, WINDOW_MS)).toMatchObject({ value: 71 });
  });

  it('counts in the windows of Redis’s clock, however far a replica’s own is off', async () => {
    const replicas = [countersOf('skew'), countersOf('skew', await connectedRedis(server.port))];
    const timeOf = async (): Promise<number> => Number((await redis.client.time())[0]) * 1_000;
    const seen: number[] = [];
    try {
      for (const [at, off] of [-3 * DAY_MS, 0, 10 * DAY_MS].entries()) {
        jest.spyOn(Date, 'now').mockReturnValue(1_700_000_000_000 + off);
        const before = await timeOf();
        const { value, endsInMs } = await replicas[at % 2]!.add('a', 1, DAY_MS);
        const after = (await timeOf()) + 1_000;
        seen.push(value);
        // The window ends with Redis's day.
        const end = Math.ceil(after / DAY_MS) * DAY_MS;
        expect(before + endsInMs).toBeLessThanOrEqual(end);
        expect(after + endsInMs).toBeGreaterThanOrEqual(end);
      }
    } finally {
      jest.restoreAllMocks();
    }
    expect(seen).toEqual([1, 2, 3]);
  });

  it('leaves no counter behind that does not end with its window', async () => {
    await countersOf('ends').add('a', 1, DAY_MS);
    const ms = await redis.client.pttl(redisKey('ends', 'limits', 'a'));
    expect(ms).toBeGreaterThan(0);
    expect(ms).toBeLessThanOrEqual(DAY_MS);
  });

  it('counts from nothing where another has written what is no counter', async () => {
    const counters = countersOf('foreign');
    const key = redisKey('foreign', 'limits', 'a');
    const writes: readonly (() => Promise<unknown>)[] = [
      () => redis.client.set(key, 'text'),
      () => redis.client.set(key, ''),
      () => redis.client.set(key, '9223372036854775807'),
      () => redis.client.rpush(key, 'list'),
    ];
    for (const write of writes) {
      await redis.client.del(key);
      await write();
      expect((await counters.add('a', 2, DAY_MS)).value).toBe(2);
      expect(await redis.client.pttl(key)).toBeGreaterThan(0);
    }
    await redis.client.set(key, '5');
    expect(await counters.add('a', 2, DAY_MS)).toMatchObject({ value: 7 });
    expect(await redis.client.pttl(key)).toBeGreaterThan(0);
  });

  it('fails where it is cut off, too slow, or short of memory, and counts on after', async () => {
    const proxy = await startFaultProxy(server.port);
    const counters = countersOf('faults', await connectedRedis(proxy.port, { timeoutMs: 300 }));
    const add = async (): Promise<number> => (await counters.add('a', 1, WINDOW_MS)).value;
    expect(await add()).toBe(1);
    proxy.set({ cutRequestAfter: 10 });
    await expect(add()).rejects.toMatchObject(AWAY);
    proxy.set({});
    expect(await untilDone(add)).toBe(2);
    proxy.set({ silent: true });
    await expect(add()).rejects.toThrow('no answer within 300 ms');
    // It reaches Redis all the same, when the network lets it.
    proxy.set({});
    expect(await untilDone(add)).toBe(4);
    proxy.set({ delayMs: 20 });
    expect(await add()).toBe(5);
    proxy.set({});
    await redis.client.config('SET', 'maxmemory', '1');
    await expect(add()).rejects.toThrow(/^Redis is unavailable: OOM/);
    await redis.client.config('SET', 'maxmemory', '0');
    expect(await add()).toBe(6);
    await proxy.close();
  });

  it('counts on after Redis was frozen, and after it was killed', async () => {
    const own = await startRedis();
    const counters = countersOf('main', await connectedRedis(own.port, { timeoutMs: 200 }));
    const add = async (): Promise<number> => (await counters.add('a', 1, WINDOW_MS)).value;
    expect(await add()).toBe(1);
    await own.signal('SIGSTOP');
    await expect(add()).rejects.toMatchObject(AWAY);
    await own.signal('SIGCONT');
    const value = await untilDone(add);
    await own.signal('SIGKILL');
    await expect(add()).rejects.toMatchObject(AWAY);
    await own.restart();
    expect(await untilDone(add)).toBe(value + 1);
    await own.stop();
  });
});
