/**
 * How records lie in Redis: of each user one sorted set, all scores 0, so that its members stand in the order of their bytes:
 * what it is made under (settings and log, 16 hexadecimal digits), `:`, position (16 digits), `:`, the record, which is empty for a removal. The newest one at or
 * before a position is one look-up; a script changes a set whole or not at all.
 */
import { createHash } from 'node:crypto';
import { redisKey } from '../remote/redis-key.js';
import { type NearRecord } from './near-records.js';

const DIGITS = 16;
const HEAD = DIGITS + 1 + DIGITS + 1;
/** Stands right behind `:` in the order of bytes. */
const BEHIND = ';';

/**
 * KEYS: set of the user, mark of an erasure, position kept, who was removed under the settings, all settings under which somebody was.
 * ARGV: settings, user, then pairs of position and record. A removal of what is not there is left out. Nothing is taken up to the
 * position kept: all of it was there before that was raised, and what is gone of it was erased or hidden. It adds before
 * it removes: a script is refused for want of memory at its first write alone.
 */
export const WRITE_RECORDS = `
local erased = redis.call('GET', KEYS[2]) or ''
local kept = redis.call('GET', KEYS[3]) or '${'0'.repeat(DIGITS)}'
local settings = ARGV[1] .. ':'
local function newest(version)
  return redis.call('ZRANGE', KEYS[1], '(' .. version, '[' .. settings, 'BYLEX', 'REV', 'LIMIT', 0, 1)[1]
end
for i = 3, #ARGV, 2 do
  local version = settings .. ARGV[i]
  if ARGV[i] > erased and ARGV[i] > kept and (ARGV[i + 1] ~= '' or newest(version)) then
    local member = version .. ':' .. ARGV[i + 1]
    local before = redis.call('ZRANGE', KEYS[1], '[' .. version .. ':', '(' .. version .. ';', 'BYLEX')
    redis.call('ZADD', KEYS[1], 0, member)
    if ARGV[i + 1] == '' then
      redis.call('ZADD', KEYS[4], 'GT', ARGV[i], ARGV[2])
      redis.call('SADD', KEYS[5], ARGV[1])
    end
    for _, other in ipairs(before) do
      if other ~= member then redis.call('ZREM', KEYS[1], other) end
    end
  end
end
local visible = newest(settings .. kept .. ';')
if visible then
  redis.call('ZREMRANGEBYLEX', KEYS[1], '[' .. settings, '(' .. string.sub(visible, 1, ${DIGITS + 1 + DIGITS}))
end
`;

/**
 * KEYS: position kept, who was removed under the settings. ARGV: settings, what keys of users' sets begin with, at most how many.
 * Lets go of those who were removed up to the position kept, with the removal itself: nobody reads from before it.
 */
export const SWEEP_REMOVED = `
local kept = redis.call('GET', KEYS[1])
if not kept then return end
local settings = ARGV[1] .. ':'
local upTo = '(' .. settings .. kept .. ';'
for _, user in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', kept, 'LIMIT', 0, ARGV[3])) do
  local visible = redis.call('ZRANGE', ARGV[2] .. user, upTo, '[' .. settings, 'BYLEX', 'REV', 'LIMIT', 0, 1)[1]
  if visible and #visible == ${HEAD} then
    redis.call('ZREMRANGEBYLEX', ARGV[2] .. user, '[' .. settings, '[' .. visible)
  end
  redis.call('ZREM', KEYS[2], user)
end
`;

/**
 * KEYS: set of the user, mark of the erasure, all settings under which somebody was removed. ARGV: position, seconds that the mark
 * stays, user, what keys of who was removed begin with. The mark refuses what a replica that is behind writes of the user meanwhile.
 */
export const ERASE_RECORDS = `
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.sub(member, ${DIGITS + 2}, ${2 * DIGITS + 1}) <= ARGV[1] then redis.call('ZREM', KEYS[1], member) end
end
for _, settings in ipairs(redis.call('SMEMBERS', KEYS[3])) do
  local at = redis.call('ZSCORE', ARGV[4] .. settings, ARGV[3])
  if at and tonumber(at) <= tonumber(ARGV[1]) then redis.call('ZREM', ARGV[4] .. settings, ARGV[3]) end
end
if (redis.call('GET', KEYS[2]) or '') < ARGV[1] then redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2])
else redis.call('EXPIRE', KEYS[2], ARGV[2]) end
`;

/** KEYS: the position from which on records are kept. ARGV: a position; it never falls. */
export const RAISE_KEPT = `
if (redis.call('GET', KEYS[1]) or '') < ARGV[1] then redis.call('SET', KEYS[1], ARGV[1]) end
`;

export class RedisRecordLayout {
  /** As members and keys name the settings. */
  readonly settings: string;
  readonly keptKey: string;
  /** Who was removed under the settings, by position. */
  readonly removedKey: string;
  /** Under which settings somebody was removed. */
  readonly removedUnderKey: string;
  /** What keys of users' sets, and of who was removed, begin with. */
  readonly recordsPrefix: string;
  readonly removedPrefix: string;

  constructor(
    private readonly tenant: string,
    settings: string,
  ) {
    this.settings = hash(settings);
    this.keptKey = redisKey(tenant, 'users', 'kept', this.settings);
    this.recordsPrefix = redisKey(tenant, 'users', 'of', '');
    this.removedPrefix = redisKey(tenant, 'users', 'removed', '');
    this.removedKey = this.removedPrefix + this.settings;
    this.removedUnderKey = redisKey(tenant, 'users', 'removed-under');
  }

  recordsKey(userId: string): string {
    return this.recordsPrefix + userId;
  }

  /** Does not tell the id. */
  erasedKey(userId: string): string {
    return redisKey(this.tenant, 'users', 'erased', hash(userId));
  }

  /** Between which members, downwards, those of the settings up to the position lie. */
  upTo(position: number): readonly [from: string, to: string] {
    return [`(${this.settings}:${positionText(position)}${BEHIND}`, `[${this.settings}:`];
  }

  /** What a member holds. */
  read(member: Buffer | undefined): NearRecord {
    if (member === undefined) return { from: 0, record: undefined };
    const from = Number(member.toString('latin1', DIGITS + 1, HEAD - 1));
    return { from, record: member.length === HEAD ? undefined : member.subarray(HEAD) };
  }
}

export function positionText(position: number): string {
  return String(position).padStart(DIGITS, '0');
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGITS);
}
