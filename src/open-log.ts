/** Opens the event log that the settings ask for: in Redis, which replicas share, where there is one; else in the data folder. */
import { join } from 'node:path';
import { type Config } from './config.js';
import { openLmdbLog } from './events/lmdb-log.js';
import { type EventLog } from './events/log.js';
import { type RedisConnection, type RedisConnectionOptions } from './remote/redis.js';

type Tell = (message: string) => void;
type Told = Pick<RedisConnectionOptions, 'onProblem' | 'onCall'>;

/** Null where everything is in the data folder. Connects in the background; the client is loaded only where it is used. */
export async function openRedis(
  { redisUrl: url, redisTimeoutMs: timeoutMs }: Config,
  told: Told,
): Promise<RedisConnection | null> {
  if (url === null) return null;
  const { RedisConnection } = await import('./remote/redis.js');
  return new RedisConnection({ url, timeoutMs, ...told });
}

/**
 * The log, to append to and to follow. Waits for Redis as long as the settings have it.
 * @throws NetworkShareError, LogUnavailableError
 */
export async function openLog(config: Config, redis: RedisConnection | null, onProblem: Tell): Promise<EventLog> {
  const { duplicateWindow, redisTimeoutMs: timeoutMs, redisWaitMs: waitMs } = config;
  if (redis === null) return openLmdbLog({ folder: join(config.dataFolder, 'log'), duplicateWindow });
  const { openRedisLog } = await import('./events/redis-log.js');
  return openRedisLog({ redis, timeoutMs, duplicateWindow, waitMs, onProblem });
}

export interface WrittenLog {
  readonly log: EventLog;
  readonly redis: RedisConnection | null;
  close(): Promise<void>;
}

/** The log as servers have written it, for commands that read it. @throws NetworkShareError, LogUnavailableError */
export async function openWrittenLog(config: Config, onProblem: Tell): Promise<WrittenLog> {
  const redis = await openRedis(config, { onProblem });
  try {
    const log =
      redis === null
        ? openLmdbLog({ folder: join(config.dataFolder, 'log'), readOnly: true })
        : await openLog(config, redis, onProblem);
    return {
      log,
      redis,
      async close() {
        await log.close();
        await redis?.close();
      },
    };
  } catch (error) {
    // Its connection would keep the process.
    await redis?.close();
    throw error;
  }
}
