/**
 * What the small stores cost in Redis: memory of a list, a counter and a registered document, and the time of a call, on a Redis of its
 * own on this machine.
 * node --require ./test/support/register-swc.cjs test/bench/redis-stores.bench.ts
 */
import { createHash, randomUUID } from 'node:crypto';
import { RedisDocumentTexts } from '../../src/cache/redis-document-texts.js';
import { RedisSlateStore } from '../../src/cache/redis-slate-store.js';
import { RedisCounters } from '../../src/limits/redis-counters.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { untilDone } from '../support/until.js';
import { startRedis } from '../support/redis.js';

interface Slate {
  readonly id: string;
  readonly scores: Float32Array;
}

const MANY = 2_000;
const AT_ONCE = 90;
const OF_A_KB = 256;

const slateOf = (kilobytes: number): Slate => ({
  id: randomUUID(),
  scores: new Float32Array(kilobytes * OF_A_KB).fill(0.1),
});

async function main(): Promise<void> {
  const server = await startRedis(['--appendfsync', 'no']);
  const redis = new RedisConnection({ url: server.url, timeoutMs: 10_000 });
  await untilDone(() => redis.call((client) => client.ping()));
  const usedBytes = async (): Promise<number> =>
    Number(/used_memory:(\d+)/.exec(await redis.client.info('memory'))![1]);

  /** Runs it so often, one after the other, and prints what each took. */
  async function measure(name: string, times: number, run: (at: number) => Promise<unknown>): Promise<void> {
    const before = await usedBytes();
    const ms: number[] = [];
    for (let at = 0; at < times; at++) {
      const from = performance.now();
      await run(at);
      ms.push(performance.now() - from);
    }
    const bytes = ((await usedBytes()) - before) / times;
    ms.sort((a, b) => a - b);
    const [middle, late] = [0.5, 0.99].map((part) => ms[Math.floor((times - 1) * part)]!.toFixed(3));
    console.log(`${name.padEnd(34)} ${bytes.toFixed(0).padStart(9)} B   p50 ${middle} ms   p99 ${late} ms`);
  }

  const slates = new RedisSlateStore<Slate>({ redis, capacity: 1e6, bytes: 1e12, ttlMs: 600_000 });
  const counters = new RedisCounters({ redis });
  const texts = new RedisDocumentTexts({ redis, capacity: 1e6, bytes: 1e12 });
  await slates.put([{ slate: slateOf(1), owners: [] }]);
  await counters.add('warm', 1, 60_000);
  for (const kilobytes of [13, 41]) {
    await measure(`keep a list of ${kilobytes} KB`, MANY, (at) =>
      slates.put([{ slate: slateOf(kilobytes), owners: [`user-${at}`] }]),
    );
  }
  const made = Array.from({ length: AT_ONCE }, (_, at) => ({ slate: slateOf(41), owners: [`user-${at}`] }));
  const ids = made.map(({ slate }) => slate.id);
  await measure(`keep ${AT_ONCE} lists of 41 KB at once`, 1, () => slates.put(made));
  await measure(`read ${AT_ONCE} lists of 41 KB at once`, 20, () => slates.get(ids));
  await measure('read a list of 41 KB', MANY, (at) => slates.get([ids[at % AT_ONCE]!]));
  await measure('count, another name each time', MANY, (at) => counters.add(`Query.user key:a user-${at} 60`, 1, 1e12));
  await measure('count, 100 names at once', 200, () =>
    Promise.all(Array.from({ length: 100 }, (_, at) => counters.add(`Query.user key:a user-${at} 60`, 1, 1e12))),
  );
  await measure('register a document of 1 KB', MANY, (at) => {
    const text = `${at}`.padEnd(1_000);
    return texts.put(createHash('sha256').update(text).digest('hex'), text);
  });
  await redis.close();
  await server.stop();
}

void main();
