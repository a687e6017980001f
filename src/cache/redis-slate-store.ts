/**
 * Slates in Redis, which all replicas share: at most so many of them and so many bytes, oldest out first, each for `ttlMs` by the
 * clock of Redis. A batch is put by one script, and read by one MGET.
 */
import { type RedisConnection } from '../remote/redis.js';
import { redisKey } from '../remote/redis-key.js';
import { FORGET_SLATES, PUT_SLATES } from './redis-slate-scripts.js';
import { decodeSlate, encodeSlate } from './slate-codec.js';
import { type MadeSlate, type SlateBounds, type SlateStore } from './slate-store.js';

export interface RedisSlateStoreOptions extends SlateBounds {
  readonly redis: RedisConnection;
  readonly tenant?: string;
}

/** Slates that one script keeps: it holds up everybody else meanwhile. */
const AT_A_TIME = 100;

export class RedisSlateStore<Slate extends { readonly id: string }> implements SlateStore<Slate> {
  private readonly slateKey: string;
  private readonly keys: readonly string[];

  constructor(private readonly options: RedisSlateStoreOptions) {
    const key = (...parts: readonly string[]): string => redisKey(options.tenant ?? 'main', 'slates', ...parts);
    this.slateKey = key('slate', '');
    this.keys = [key('order'), key('rows'), key('bytes'), this.slateKey, key('owner', '')];
  }

  async put(made: readonly MadeSlate<Slate>[]): Promise<void> {
    const { ttlMs, capacity, bytes, redis } = this.options;
    const batches: (string | number | Buffer)[][] = [];
    made.forEach(({ slate, owners }, at) => {
      if (at % AT_A_TIME === 0) batches.push([ttlMs, capacity, bytes]);
      batches.at(-1)!.push(slate.id, encodeSlate(slate), owners.length, ...owners);
    });
    await redis.call((client) => Promise.all(batches.map((values) => PUT_SLATES.run(client, this.keys, values))));
  }

  async get(ids: readonly string[]): Promise<readonly (Slate | null)[]> {
    if (ids.length === 0) return [];
    const values = await this.options.redis.call((client) => client.mgetBuffer(ids.map((id) => this.slateKey + id)));
    return values.map((bytes, at) => (bytes === null ? null : decodeSlate<Slate>(bytes, ids[at]!)));
  }

  async forget(userId: string): Promise<number> {
    return (await this.options.redis.call((client) => FORGET_SLATES.run(client, this.keys, [userId]))) as number;
  }

  /** The connection belongs to who opened it. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
