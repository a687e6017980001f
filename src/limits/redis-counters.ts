/**
 * Counters in Redis, which all replicas share. Windows are those of the clock of Redis, so that replicas whose clocks differ count
 * together. What one turn of the event loop adds, for whichever operations, goes in one round trip.
 */
import { type RedisConnection } from '../remote/redis.js';
import { redisKey } from '../remote/redis-key.js';
import { RedisScript } from '../remote/redis-script.js';
import { type Count, counterKey, type Counters } from './counters.js';

export interface RedisCountersOptions {
  readonly redis: RedisConnection;
  readonly tenant?: string;
}

interface Addition {
  readonly key: string;
  readonly amount: number;
  readonly windowMs: number;
  readonly resolve: (count: Count) => void;
  readonly reject: (error: Error) => void;
}

/** Additions of one script: it holds up everybody else meanwhile. */
const AT_A_TIME = 1_000;

/** A counter is a key of its own that expires with its window. What is no number counts as nothing. */
const ADD = new RedisScript(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local counts = {}
for at, key in ipairs(KEYS) do
  local amount, window = ARGV[2 * at - 1], tonumber(ARGV[2 * at])
  local value = redis.pcall('INCRBY', key, amount)
  if type(value) == 'table' and (value.err:find('WRONGTYPE') or value.err:find('not an integer') or value.err:find('overflow')) then
    redis.call('DEL', key)
    value = redis.call('INCRBY', key, amount)
  elseif type(value) == 'table' then
    return value
  end
  local left = redis.call('PTTL', key)
  if left < 0 or left > window then
    left = window - now % window
    redis.call('PEXPIRE', key, left)
  end
  counts[2 * at - 1], counts[2 * at] = value, left
end
return counts`);

export class RedisCounters implements Counters {
  private gathered: Addition[] = [];

  constructor(private readonly options: RedisCountersOptions) {}

  /** @throws where Redis can't be asked; it may have counted all the same */
  add(name: string, amount: number, windowMs: number): Promise<Count> {
    const key = redisKey(this.options.tenant ?? 'main', 'limits', counterKey(name));
    return new Promise((resolve, reject) => {
      if (this.gathered.push({ key, amount, windowMs, resolve, reject }) === 1) setImmediate(() => this.sendAll());
    });
  }

  /** The connection belongs to who opened it. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  private sendAll(): void {
    const all = this.gathered;
    this.gathered = [];
    for (let from = 0; from < all.length; from += AT_A_TIME) void this.send(all.slice(from, from + AT_A_TIME));
  }

  private async send(additions: readonly Addition[]): Promise<void> {
    const keys = additions.map(({ key }) => key);
    const values = additions.flatMap(({ amount, windowMs }) => [amount, windowMs]);
    try {
      const counts = (await this.options.redis.call((client) => ADD.run(client, keys, values))) as readonly number[];
      additions.forEach(({ resolve }, at) => resolve({ value: counts[2 * at]!, endsInMs: counts[2 * at + 1]! }));
    } catch (error) {
      for (const { reject } of additions) reject(error as Error);
    }
  }
}
