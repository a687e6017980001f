/**
 * The event log in Redis, for replicas on several machines: one stream a tenant, whose entry ids are the positions and whose
 * values are the bytes of the codec.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { whenReady } from '../remote/redis.js';
import { redisDurability } from './redis-durability.js';
import { RedisEventLog, type RedisLogOptions } from './redis-event-log.js';
import { unavailable } from './redis-log-errors.js';
import { logKeys } from './redis-log-keys.js';

export { type RedisEventLog, type RedisLogOptions };

/** Between two attempts. */
const PAUSE_MS = 20;

/** Waits for Redis, and finds the end of the log or begins one. @throws LogUnavailableError */
export async function openRedisLog(options: RedisLogOptions): Promise<RedisEventLog> {
  const { redis, waitMs = 5_000, tenant = 'main' } = options;
  const keys = logKeys(tenant);
  const until = performance.now() + waitMs;
  await whenReady(redis.client, waitMs).catch(unavailable);
  for (;;) {
    try {
      const durability = await redis.call(redisDurability);
      return await RedisEventLog.open(options, keys, durability);
    } catch (error) {
      if (performance.now() >= until) return unavailable(error);
      await delay(PAUSE_MS);
    }
  }
}
