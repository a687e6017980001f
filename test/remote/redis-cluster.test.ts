import { createHash } from 'node:crypto';
import { RedisDocumentTexts } from '../../src/cache/redis-document-texts.js';
import { RedisSlateStore } from '../../src/cache/redis-slate-store.js';
import { RedisCounters } from '../../src/limits/redis-counters.js';
import { untilDone } from '../support/until.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.js';
import { describeWithRedis } from '../support/redis.js';

describeWithRedis('stores over a cluster of two nodes', () => {
  let cluster: RedisCluster;
  let redis: RedisConnection;
  beforeAll(async () => {
    cluster = await startRedisCluster();
    redis = new RedisConnection({ url: cluster.url, timeoutMs: 5_000 });
    await untilDone(() => redis.call((client) => client.ping()));
  }, 30_000);
  afterAll(async () => {
    await redis.close();
    await cluster.stop();
  });
  /** Enough that their stores lie on both nodes. */
  const tenants = Array.from({ length: 8 }, (_, at) => `tenant ${at}`);

  it('keep, bound, give and forget lists', async () => {
    for (const tenant of tenants) {
      const bounds = { capacity: 3, bytes: 100_000, ttlMs: 60_000 };
      const store = new RedisSlateStore<{ id: string }>({ redis, tenant, ...bounds });
      await store.put(['a', 'b', 'c', 'd'].map((id) => ({ slate: { id }, owners: [id, 'u'] })));
      expect(await store.get(['a', 'b', 'c', 'd'])).toEqual([null, { id: 'b' }, { id: 'c' }, { id: 'd' }]);
      expect(await store.forget('b')).toBe(1);
      expect(await store.forget('u')).toBe(2);
    }
  });

  it('count', async () => {
    for (const tenant of tenants) {
      const counters = new RedisCounters({ redis, tenant });
      const counts = await Promise.all(['a', 'b', 'a', '{c}'].map((name) => counters.add(name, 1, 1e12)));
      expect(counts.map(({ value }) => value)).toEqual([1, 1, 2, 1]);
    }
  });

  it('register documents, and drop the oldest', async () => {
    const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
    for (const tenant of tenants) {
      const texts = new RedisDocumentTexts({ redis, tenant, capacity: 2, bytes: 1_000 });
      for (const text of ['x', 'y', 'z']) await texts.put(hashOf(text), text);
      expect(await Promise.all(['x', 'y', 'z'].map((text) => texts.get(hashOf(text))))).toEqual([null, 'y', 'z']);
    }
  });

  it('lie on both nodes', async () => {
    for (const node of cluster.nodes) {
      const own = new RedisConnection({ url: node.url, timeoutMs: 5_000 });
      await untilDone(() => own.call((client) => client.ping()));
      expect(await own.call((client) => client.dbsize())).toBeGreaterThan(0);
      await own.close();
    }
  });
});
