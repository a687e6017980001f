/** Keys of a log in Redis, all with one hash tag; `redis-log-scripts.ts` tells what lies under each. */
import { redisKey } from '../remote/redis-key.js';

export interface LogKeys {
  readonly entries: string;
  readonly erased: string;
  readonly ids: string;
  readonly about: string;
}

export function logKeys(tenant: string): LogKeys {
  const key = (part: string): string => redisKey(tenant, 'log', part);
  return { entries: key('entries'), erased: key('erased'), ids: key('ids'), about: key('about') };
}
