/** A connection to Redis that is up, closed after the tests. */
import { RedisConnection, type RedisConnectionOptions } from '../../src/remote/redis.js';
import { untilDone } from './until.js';

const opened: RedisConnection[] = [];
afterAll(async () => {
  for (const connection of opened) await connection.close();
});

export async function connectedRedis(
  port: number,
  options: Partial<RedisConnectionOptions> = {},
): Promise<RedisConnection> {
  const redis = new RedisConnection({ url: `redis://127.0.0.1:${port}`, timeoutMs: 2_000, ...options });
  opened.push(redis);
  await untilDone(() => redis.call((client) => client.ping()));
  return redis;
}
