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
 * KEYS: set of the user, mark of an erasure. ARGV: settings, position kept, then pairs of position and record. A removal of
 * what is not there is left out. It adds before it removes: a script is refused for want of memory at its first write alone.
 */
export const WRITE_RECORDS = `
local erased = redis.call('GET', KEYS[2]) or ''
local settings = ARGV[1] .. ':'
local function newest(version)
  return redis.call('ZRANGE', KEYS[1], '(' .. version, '[' .. settings, 'BYLEX', 'REV', 'LIMIT', 0, 1)[1]
end
for i = 3, #ARGV, 2 do
  local version = settings .. ARGV[i]
  if ARGV[i] > erased and (ARGV[i + 1] ~= '' or newest(version)) then
    local member = version .. ':' .. ARGV[i + 1]
    local before = redis.call('ZRANGE', KEYS[1], '[' .. version .. ':', '(' .. version .. ';', 'BYLEX')
    redis.call('ZADD', KEYS[1], 0, member)
    for _, other in ipairs(before) do
      if other ~= member then redis.call('ZREM', KEYS[1], other) end
    end
  end
end
local visible = newest(settings .. ARGV[2] .. ';')
if visible then
  redis.call('ZREMRANGEBYLEX', KEYS[1], '[' .. settings, '(' .. string.sub(visible, 1, ${DIGITS + 1 + DIGITS}))
end
`;

/**
 * KEYS: set of the user, mark of the erasure. ARGV: position, seconds that the mark stays. It refuses what a replica that is
 * behind writes of the user meanwhile.
 */
export const ERASE_RECORDS = `
for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if string.sub(member, ${DIGITS + 2}, ${2 * DIGITS + 1}) <= ARGV[1] then redis.call('ZREM', KEYS[1], member) end
end
if (redis.call('GET', KEYS[2]) or '') < ARGV[1] then redis.call('SET', KEYS[2], ARGV[1], 'EX', ARGV[2]) end
`;

/** KEYS: the position from which on records are kept. ARGV: a position; it never falls. */
export const RAISE_KEPT = `
if (redis.call('GET', KEYS[1]) or '') < ARGV[1] then redis.call('SET', KEYS[1], ARGV[1]) end
`;

export class RedisRecordLayout {
  /** As members and keys name the settings. */
  readonly settings: string;
  readonly keptKey: string;

  constructor(
    private readonly tenant: string,
    settings: string,
  ) {
    this.settings = hash(settings);
    this.keptKey = redisKey(tenant, 'users', 'kept', this.settings);
  }

  recordsKey(userId: string): string {
    return redisKey(this.tenant, 'users', 'of', userId);
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
