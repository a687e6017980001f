/**
 * Registered documents in Redis, which all replicas share. One key a text; `order`, the hashes as they were registered; `bytes`,
 * the sum. A text is given only under its own hash: what another has written there would be run in its place.
 */
import { createHash } from 'node:crypto';
import { type RedisConnection } from '../remote/redis.js';
import { redisKey } from '../remote/redis-key.js';
import { RedisScript } from '../remote/redis-script.js';
import { RemoteUnavailableError } from '../remote/remote-unavailable-error.js';
import { type DocumentTexts, type DocumentTextsBounds } from './document-texts.js';

export interface RedisDocumentTextsOptions extends DocumentTextsBounds {
  readonly redis: RedisConnection;
  readonly tenant?: string;
}

/** Keys: order, bytes, and what a text's own key begins with. Values: hash, text, capacity, bytes. */
const PUT = new RedisScript(`
local order, total, prefix = unpack(KEYS)
local hash, text, capacity, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local function sizeOf(key)
  return redis.call('TYPE', key).ok == 'string' and redis.call('STRLEN', key) or 0
end
local known = redis.pcall('GET', prefix .. hash)
if known == text then return false end
local bytes = (tonumber(redis.call('GET', total)) or 0) - sizeOf(prefix .. hash) + #text
redis.call('SET', prefix .. hash, text)
if not known then redis.call('RPUSH', order, hash) end
local count = redis.call('LLEN', order)
while count > capacity or bytes > most do
  local oldest = redis.call('LPOP', order)
  if not oldest then break end
  bytes = bytes - sizeOf(prefix .. oldest)
  redis.call('DEL', prefix .. oldest)
  count = count - 1
end
if count == 0 then bytes = 0 end
redis.call('SET', total, string.format('%.0f', math.max(0, bytes)))
return false`);

export class RedisDocumentTexts implements DocumentTexts {
  private readonly prefix: string;
  private readonly keys: readonly string[];

  constructor(private readonly options: RedisDocumentTextsOptions) {
    const key = (part: string, ...rest: string[]): string =>
      redisKey(options.tenant ?? 'main', 'documents', part, ...rest);
    this.prefix = key('text', '');
    this.keys = [key('order'), key('bytes'), this.prefix];
  }

  async get(hash: string): Promise<string | null> {
    const { redis } = this.options;
    // Of a key that holds no text, MGET says that there is none.
    const found = await ifThere(redis.call((client) => client.mget(this.prefix + hash)));
    const text = found?.[0] ?? null;
    return text !== null && createHash('sha256').update(text).digest('hex') === hash ? text : null;
  }

  async put(hash: string, text: string): Promise<void> {
    const { redis, capacity, bytes } = this.options;
    // It would drop all others and then itself.
    if (Buffer.byteLength(text) > bytes) return;
    await ifThere(redis.call((client) => PUT.run(client, this.keys, [hash, text, capacity, bytes])));
  }

  /** The connection belongs to who opened it. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}

async function ifThere<Result>(asked: Promise<Result>): Promise<Result | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof RemoteUnavailableError) return null;
    throw error;
  }
}
