/**
 * The connection to Redis, or to a Redis Cluster, that all stores of a process share. A Redis that is away fails a call at once:
 * nothing is queued until it is back, and nothing is sent twice. Keys of one store share a hash tag, so that a script or a
 * transaction of it runs on one node.
 */
import { Cluster, Redis } from 'ioredis';
import { type CallListener, Guard } from './guard.js';

export type RedisClient = Redis | Cluster;

export interface RedisConnectionOptions {
  /** redis:// or rediss://; several, separated by commas, are nodes of a cluster. */
  readonly url: string;
  /** For one call, ms. */
  readonly timeoutMs: number;
  /** Told when Redis goes away and when it is back. */
  readonly onProblem?: (message: string) => void;
  readonly onCall?: CallListener | undefined;
}

/** Calls under way at once. */
const CONCURRENT = 1_000;
const LONGEST_WAIT_MS = 1_000;
const LONGEST_CLOSING_MS = 500;

export class RedisConnection {
  readonly client: RedisClient;
  private readonly guard: Guard;
  private readonly others = new Set<RedisClient>();

  constructor(private readonly options: RedisConnectionOptions) {
    this.client = this.connect();
    this.guard = new Guard({
      service: 'Redis',
      timeoutMs: options.timeoutMs,
      concurrent: CONCURRENT,
      isFault: isRedisFault,
      isRefusal,
      onCall: options.onCall,
      onChange: (available) => {
        options.onProblem?.(available ? 'Redis answers again' : 'Redis does not answer');
        // A connection that is only silent would never be given up.
        if (!available) this.client.disconnect(true);
      },
    });
  }

  /**
   * Makes one call, or several in a pipeline, within the time.
   * @throws RemoteUnavailableError; Redis's own error where the call was wrong
   */
  call<T>(run: (client: RedisClient) => Promise<T>): Promise<T> {
    return this.guard.call(() => run(this.client));
  }

  /** Another connection, for calls that wait; closed with this one. */
  duplicate(): RedisClient {
    const client = this.connect();
    this.others.add(client);
    client.once('end', () => this.others.delete(client));
    return client;
  }

  async close(): Promise<void> {
    for (const client of [this.client, ...this.others]) client.disconnect();
    return Promise.resolve();
  }

  private connect(): RedisClient {
    const { url, timeoutMs } = this.options;
    const options = {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      connectTimeout: timeoutMs,
      // How long closing waits for the other side, which may be gone.
      disconnectTimeout: LONGEST_CLOSING_MS,
      retryStrategy: (times: number) => Math.min(50 * times, LONGEST_WAIT_MS),
      reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
      keepAlive: 10_000,
    };
    const urls = url.split(',');
    const client =
      urls.length === 1
        ? new Redis(url, options)
        : new Cluster(urls, {
            enableOfflineQueue: false,
            clusterRetryStrategy: options.retryStrategy,
            redisOptions: options,
          });
    // Told by the guard, once; without a listener each failed attempt would be printed.
    client.on('error', () => undefined);
    return client;
  }
}

/**
 * Resolves once the client is connected, however many attempts that takes; rejects where it is not within the time, ms, or is given
 * up.
 */
export function whenReady(client: RedisClient, withinMs: number): Promise<void> {
  if (client.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const settle = (problem: string | null): void => {
      clearTimeout(timer);
      client.off('ready', ready).off('end', ended);
      if (problem === null) resolve();
      else reject(new Error(problem));
    };
    const ready = (): void => settle(null);
    const ended = (): void => settle('the connection to Redis was closed');
    const timer = setTimeout(() => settle(`no connection to Redis within ${withinMs} ms`), withinMs);
    client.once('ready', ready).once('end', ended);
  });
}

/** Codes with which Redis says that it can't serve now; others say that the call was wrong. */
const FAULTS = /^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|UNBLOCKED|NOAUTH|WRONGPASS)\b/;
/** Codes with which it says that it takes no writes now; it may still be read. */
const REFUSALS = /^(OOM|READONLY|MISCONF|NOREPLICAS)\b/;

function isRedisFault(error: Error): boolean {
  return error.name !== 'ReplyError' || FAULTS.test(error.message);
}

function isRefusal(error: Error): boolean {
  return error.name === 'ReplyError' && REFUSALS.test(error.message);
}
