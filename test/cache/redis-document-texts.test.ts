import { RedisDocumentTexts } from '../../src/cache/redis-document-texts.js';
import { type RedisConnection } from '../../src/remote/redis.js';
import { redisKey } from '../../src/remote/redis-key.js';
import { documentTextsContract, hashOf } from '../contracts/document-texts.contract.js';
import { connectedRedis } from '../support/connected-redis.js';
import { untilDone } from '../support/until.js';
import { startFaultProxy } from '../support/fault-proxy.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';

const BOUNDS = { capacity: 100, bytes: 1_000_000 };
const TEXT = '{ user(id: "u1") { id } }';
const HASH = hashOf(TEXT);

describeWithRedis('RedisDocumentTexts', () => {
  let server: RedisServer;
  let redis: RedisConnection;
  let tenants = 0;
  beforeAll(async () => {
    server = await startRedis();
    redis = await connectedRedis(server.port);
  });
  afterAll(() => server.stop());
  const textsOf = (tenant: string, connection = redis): RedisDocumentTexts =>
    new RedisDocumentTexts({ redis: connection, tenant, ...BOUNDS });

  describe('as all registered documents', () => {
    documentTextsContract(async (bounds) => {
      const tenant = `t${tenants++}`;
      const another = await connectedRedis(server.port);
      const [texts, other] = [redis, another].map(
        (connection) => new RedisDocumentTexts({ redis: connection, tenant, ...bounds }),
      );
      return { texts: texts!, other: other!, close: () => texts!.close() };
    });
  });

  it('gives no text under a hash that is not its own, and takes the right one in its place', async () => {
    const texts = textsOf('foreign');
    const key = redisKey('foreign', 'documents', 'text', HASH);
    const writes: readonly (() => Promise<unknown>)[] = [
      () => redis.client.set(key, 'mutation { forgetUser(input: { userId: "u1" }) { interactions } }'),
      () => redis.client.set(key, TEXT.slice(0, 9)),
      () => redis.client.set(key, Buffer.of(0xff, 0xfe)),
      () => redis.client.rpush(key, TEXT),
    ];
    for (const write of writes) {
      await redis.client.del(key);
      await write();
      expect(await texts.get(HASH)).toBeNull();
      await texts.put(HASH, TEXT);
      expect(await texts.get(HASH)).toBe(TEXT);
    }
  });

  it('has no text and takes none while Redis is away, too slow, or short of memory, and is well after', async () => {
    const proxy = await startFaultProxy(server.port);
    const texts = textsOf('faults', await connectedRedis(proxy.port, { timeoutMs: 300 }));
    const isThere = async (): Promise<void> => {
      await texts.put(HASH, TEXT);
      if ((await texts.get(HASH)) === null) throw new Error('not yet');
    };
    await isThere();
    for (const faults of [{ cutAnswerAfter: 5 }, { cutRequestAfter: 5 }, { silent: true }, { away: true }]) {
      proxy.set(faults);
      expect(await texts.get(HASH)).toBeNull();
      await texts.put(hashOf('other'), 'other');
      proxy.set({});
      await untilDone(isThere);
    }
    await redis.client.config('SET', 'maxmemory', '1');
    await texts.put(hashOf('more'), 'more');
    expect(await texts.get(HASH)).toBe(TEXT);
    await redis.client.config('SET', 'maxmemory', '0');
    expect(await texts.get(hashOf('more'))).toBeNull();
    await texts.put(hashOf('more'), 'more');
    expect(await texts.get(hashOf('more'))).toBe('more');
    await proxy.close();
  });

  it('has its texts and scripts again after Redis was frozen, and after it was killed', async () => {
    const own = await startRedis();
    const texts = textsOf('main', await connectedRedis(own.port, { timeoutMs: 200 }));
    await texts.put(HASH, TEXT);
    await own.signal('SIGSTOP');
    expect(await texts.get(HASH)).toBeNull();
    await own.signal('SIGCONT');
    const isThere = async (text: string): Promise<void> => expect(await texts.get(hashOf(text))).toBe(text);
    await untilDone(() => isThere(TEXT));
    await own.signal('SIGKILL');
    expect(await texts.get(HASH)).toBeNull();
    await own.restart();
    await untilDone(() => isThere(TEXT));
    await texts.put(hashOf('other'), 'other');
    await isThere('other');
    await own.stop();
  });
});
