/** Reads how durable what Redis acknowledges is. A managed service may not tell. */
import { type RedisClient } from '../remote/redis.js';
import { type Durability } from './log.js';

/** What Redis refuses to tell is unknown. */
export async function redisDurability(client: RedisClient): Promise<Durability> {
  const [appendonly, appendfsync] = await Promise.all([setting(client, 'appendonly'), setting(client, 'appendfsync')]);
  return { settings: { appendonly, appendfsync }, warning: warningOf(appendonly, appendfsync) };
}

async function setting(client: RedisClient, name: string): Promise<string> {
  try {
    const answer = await client.call('CONFIG', 'GET', name);
    return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : 'unknown';
  } catch (error) {
    if ((error as Error).name !== 'ReplyError') throw error;
    return 'unknown';
  }
}

function warningOf(appendonly: string, appendfsync: string): string | null {
  if (appendonly === 'no')
    return 'Redis keeps the event log in memory only (appendonly no): events are lost when it ends';
  if (appendonly === 'unknown' || appendfsync === 'unknown') {
    return 'Redis does not tell how durable it is (CONFIG GET appendonly, appendfsync): events that were acknowledged may be lost when it fails';
  }
  if (appendfsync === 'always') return null;
  const lost = appendfsync === 'everysec' ? 'the last second or two of events' : 'what the system had not yet written';
  return `Redis acknowledges before it writes to disk (appendfsync ${appendfsync}): ${lost} may be lost when its machine fails`;
}
