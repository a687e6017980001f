/**
 * A process for tests that tells Application Insights of calls to a Redis: given a connection string and the address of the Redis it
 * makes a call that is answered, one that Redis refuses as wrong, and one to a Redis that is away.
 */
import { pino } from 'pino';
import { RedisConnection } from '../../src/remote/redis.js';
import { openInsights } from '../../src/telemetry/insights.js';

async function run(connectionString: string, url: string): Promise<void> {
  const insights = await openInsights({
    connectionString,
    sample: 1,
    readers: [],
    nameOf: () => 'none',
    snapshot: () => null,
    clock: () => Date.now(),
    logger: pino({ level: 'silent' }),
  });
  const redis = new RedisConnection({ url, timeoutMs: 2_000, onCall: insights.onCall });
  if (redis.client.status !== 'ready') await new Promise((resolve) => redis.client.once('ready', resolve));
  await redis.call((client) => client.set('user:somebody-secret', '1'));
  await redis.call((client) => client.call('NO_SUCH_COMMAND') as Promise<unknown>).catch(() => undefined);
  redis.client.disconnect();
  await redis.call((client) => client.get('user:somebody-secret')).catch(() => undefined);
  await redis.close();
  await insights.close();
}

void run(process.argv[2]!, process.argv[3]!);
