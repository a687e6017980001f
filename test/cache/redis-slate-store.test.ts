import { RedisSlateStore } from '../../src/cache/redis-slate-store.js';
import { type RedisConnection } from '../../src/remote/redis.js';
import { redisKey } from '../../src/remote/redis-key.js';
import { slateStoreContract, type TestSlate } from '../contracts/slate-store.contract.js';
import { connectedRedis } from '../support/connected-redis.js';
import { untilDone } from '../support/until.js';
import { startFaultProxy } from '../support/fault-proxy.js';
import { redisCommands } from '../support/redis-commands.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';

const BOUNDS = { capacity: 100, bytes: 10_000_000, ttlMs: 600_000 };
const AWAY = { code: 'REMOTE_UNAVAILABLE' };

describeWithRedis('RedisSlateStore', () => {
  let server: RedisServer;
  let redis: RedisConnection;
  let another: RedisConnection;
  let tenants = 0;
  beforeAll(async () => {
    server = await startRedis();
    redis = await connectedRedis(server.port);
    another = await connectedRedis(server.port);
  });
  afterAll(() => server.stop());

  const storeOver = (connection: RedisConnection, tenant: string): RedisSlateStore<TestSlate> =>
    new RedisSlateStore({ redis: connection, tenant, ...BOUNDS });
  const slateOf = (id: string, length = 0): { slate: TestSlate; owners: readonly string[] } => ({
    slate: { id, items: new Int32Array(length) },
    owners: ['u'],
  });
  const keysOf = async (tenant: string): Promise<string[]> =>
    (await redis.client.keys(redisKey(tenant, 'slates', '*'))).sort();

  describe('as every slate store', () => {
    slateStoreContract((bounds) => {
      const tenant = `t${tenants++}`;
      const [store, other] = [redis, another].map(
        (connection) => new RedisSlateStore<TestSlate>({ redis: connection, tenant, ...bounds }),
      );
      const keyOf = (id: string): string => redisKey(tenant, 'slates', 'slate', id);
      return Promise.resolve({
        store: store!,
        other: other!,
        async elapse(ms) {
          for (const key of await keysOf(tenant)) await redis.client.pexpire(key, (await redis.client.pttl(key)) - ms);
        },
        async overwrite(id, change) {
          await redis.client.set(keyOf(id), change((await redis.client.getBuffer(keyOf(id)))!), 'KEEPTTL');
        },
        close: () => store!.close(),
      });
    });
  });

  it('leaves nothing behind that does not expire, and nothing at all of what it has forgotten', async () => {
    const store = storeOver(redis, 'leaves');
    await store.put([slateOf('a'), { ...slateOf('b'), owners: ['u', 'v'] }]);
    const left = await Promise.all((await keysOf('leaves')).map((key) => redis.client.pttl(key)));
    expect(left).toHaveLength(7);
    expect(left.every((ms) => ms > 0 && ms <= BOUNDS.ttlMs)).toBe(true);
    await store.forget('u');
    expect(await keysOf('leaves')).toEqual([redisKey('leaves', 'slates', 'bytes')]);
    expect(await redis.client.get(redisKey('leaves', 'slates', 'bytes'))).toBe('0');
  });

  it('puts and reads many with one command each', async () => {
    const store = storeOver(redis, 'trips');
    await store.put([slateOf('warm')]);
    const made = Array.from({ length: 90 }, (_, at) => slateOf(`${at}`));
    expect(await redisCommands(server.url, () => store.put(made))).toEqual(['evalsha']);
    expect(await redisCommands(server.url, () => store.get(made.map(({ slate }) => slate.id)))).toEqual(['mget']);
  });

  it('comes right again where another has written or removed its index', async () => {
    const store = new RedisSlateStore<TestSlate>({ redis, tenant: 'index', ...BOUNDS, capacity: 2 });
    const key = (part: string): string => redisKey('index', 'slates', part);
    await store.put([slateOf('a'), slateOf('b')]);
    await redis.client.set(key('bytes'), 'none');
    await redis.client.del(key('rows'));
    await store.put([slateOf('c')]);
    expect(await store.get(['a', 'b', 'c'])).toEqual([null, slateOf('b').slate, slateOf('c').slate]);
    // A sum that is far too large: everything goes once, then it is right.
    await redis.client.set(key('bytes'), '999999999999');
    await store.put([slateOf('d')]);
    await store.put([slateOf('e'), slateOf('f')]);
    expect(await store.get(['e', 'f'])).toEqual([slateOf('e').slate, slateOf('f').slate]);
  });

  it('keeps all of a batch or nothing where it is cut off on its way', async () => {
    const proxy = await startFaultProxy(server.port);
    const store = storeOver(await connectedRedis(proxy.port), 'cut');
    const made = Array.from({ length: 5 }, (_, at) => slateOf(`${at}`, 10_000));
    proxy.set({ cutRequestAfter: 100_000 });
    await expect(store.put(made)).rejects.toMatchObject(AWAY);
    expect(await keysOf('cut')).toEqual([]);
    proxy.set({ cutAnswerAfter: 0 });
    const ids = made.map(({ slate }) => slate.id);
    await expect(untilDone(() => storeOver(redis, 'cut').get(ids))).resolves.toEqual(ids.map(() => null));
    await expect(store.put(made)).rejects.toMatchObject(AWAY);
    proxy.set({});
    await untilDone(() => store.put(made));
    proxy.set({ cutAnswerAfter: 100_000 });
    await expect(store.get(ids)).rejects.toMatchObject(AWAY);
    proxy.set({});
    expect(await untilDone(() => store.get(ids))).toEqual(made.map(({ slate }) => slate));
    await proxy.close();
  });

  it('waits for a slow answer, and no longer than it may', async () => {
    const proxy = await startFaultProxy(server.port);
    const store = storeOver(await connectedRedis(proxy.port), 'slow');
    proxy.set({ delayMs: 50 });
    await store.put([slateOf('a')]);
    expect(await store.get(['a'])).toEqual([slateOf('a').slate]);
    const impatient = storeOver(await connectedRedis(proxy.port, { timeoutMs: 300 }), 'slow');
    proxy.set({ silent: true });
    await expect(impatient.get(['a'])).rejects.toThrow('Redis is unavailable: no answer within 300 ms');
    proxy.set({});
    expect(await untilDone(() => impatient.get(['a']))).toEqual([slateOf('a').slate]);
    await proxy.close();
  });
});

describeWithRedis('RedisSlateStore, of a Redis of its own', () => {
  let server: RedisServer;
  beforeEach(async () => {
    server = await startRedis(['--maxmemory-policy', 'noeviction']);
  });
  afterEach(() => server.stop());
  const open = async (timeoutMs = 2_000): Promise<{ redis: RedisConnection; store: RedisSlateStore<TestSlate> }> => {
    const redis = await connectedRedis(server.port, { timeoutMs });
    return { redis, store: new RedisSlateStore<TestSlate>({ redis, ...BOUNDS }) };
  };
  const made = { slate: { id: 'a' }, owners: ['u'] };

  it('takes nothing while memory is short, gives and forgets what it has, and takes again after', async () => {
    const { redis, store } = await open();
    await store.put([made]);
    await redis.client.config('SET', 'maxmemory', '1');
    for (let at = 0; at < 10; at++) {
      const refused = store.put([{ slate: { id: 'b' }, owners: ['u'] }]);
      await expect(refused).rejects.toThrow(/^Redis is unavailable: OOM/);
    }
    // It is there, and goes on being read.
    expect(await store.get(['a', 'b'])).toEqual([{ id: 'a' }, null]);
    expect(await store.forget('u')).toBe(1);
    await redis.client.config('SET', 'maxmemory', '0');
    await store.put([made]);
    expect(await store.get(['a'])).toEqual([{ id: 'a' }]);
  });

  it('has its slates, index and scripts again after Redis was killed and is back', async () => {
    const { store } = await open();
    await store.put([made]);
    await server.signal('SIGKILL');
    await expect(store.get(['a'])).rejects.toMatchObject(AWAY);
    await expect(store.put([made])).rejects.toMatchObject(AWAY);
    await server.restart();
    expect(await untilDone(() => store.get(['a']))).toEqual([{ id: 'a' }]);
    expect(await store.forget('u')).toBe(1);
    await store.put([made]);
    expect(await store.get(['a'])).toEqual([{ id: 'a' }]);
  });

  it('gives up a Redis that is frozen, and works again when it goes on', async () => {
    const { store } = await open(200);
    await store.put([made]);
    await server.signal('SIGSTOP');
    await expect(store.get(['a'])).rejects.toMatchObject(AWAY);
    await expect(store.put([made])).rejects.toMatchObject(AWAY);
    await server.signal('SIGCONT');
    expect(await untilDone(() => store.get(['a']))).toEqual([{ id: 'a' }]);
  });
});
