/** A connection to Redis that is up, closed after the tests. */
import { RedisConnection, type RedisConnectionOptions } from '../../src/remote/redis.js';

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
  await untilAnswered(() => redis.call((client) => client.ping()));
  return redis;
}

/** What the call gives, once it no longer fails. */
export async function untilAnswered<Result>(call: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await call();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
