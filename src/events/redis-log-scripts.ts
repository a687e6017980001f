/**
 * What Redis does with the log in one step. Keys of a log, all with one hash tag: `entries`, a stream whose ids are
 * `<position>-0` and whose only field holds the bytes of the codec; `erased`, a hash of position -> bytes of the entries that an
 * erasure has rewritten and taken out of the stream; `ids`, the window of duplicates, a sorted set of key -> ordinal; `about`,
 * a hash of the log's random `id`, the positions of its `first` and `last` entry, and the last `ordinal`.
 * The first write of each script is one that a full Redis refuses, so that it refuses all or nothing; they declare no flags,
 * which Redis knows from version 7 on only.
 */
import { RedisScript } from '../remote/redis-script.js';

/** Codes with which a script refuses. */
export const OTHER_LOG = 'OTHERLOG';
export const LOST_EVENTS = 'LOSTEVENTS';

/**
 * Keys: entries, ids, about. Values: id of the log, position that it has reached at least, window, then of each event its key
 * in the window, or nothing, and its bytes. Answers the last position, then that of each event, 0 for a duplicate.
 */
export const APPEND = new RedisScript(`
local about = redis.call('HMGET', KEYS[3], 'id', 'last', 'ordinal')
if about[1] ~= ARGV[1] then return redis.error_reply('${OTHER_LOG} the log is another one') end
local last, ordinal = tonumber(about[2] or 0), tonumber(about[3] or 0)
if last < tonumber(ARGV[2]) then return redis.error_reply('${LOST_EVENTS} the log ends before what it had given out') end
local window = tonumber(ARGV[3])
local answer, given = { 0 }, 0
for i = 4, #ARGV, 2 do
  local key, position = ARGV[i], 0
  local known = false
  if key ~= '' then
    given = given + 1
    known = redis.call('ZSCORE', KEYS[2], key)
    known = known and tonumber(known) > ordinal - window
    if not known then
      ordinal = ordinal + 1
      redis.call('ZADD', KEYS[2], ordinal, key)
    end
  end
  if not known then
    last = last + 1
    position = last
    redis.call('XADD', KEYS[1], string.format('%.0f-0', position), 'e', ARGV[i + 1])
  end
  answer[#answer + 1] = position
end
redis.call('HSET', KEYS[3], 'last', string.format('%.0f', last), 'ordinal', string.format('%.0f', ordinal))
local old = math.min(redis.call('ZCOUNT', KEYS[2], '-inf', ordinal - window), 2 * given)
if old > 0 then redis.call('ZREMRANGEBYRANK', KEYS[2], 0, old - 1) end
answer[1] = last
return answer
`);

/** Keys: entries, erased. Values: positions. Answers the bytes at each, or nothing. */
export const GET = new RedisScript(`
local answer = {}
for i, position in ipairs(ARGV) do
  local found = redis.call('XRANGE', KEYS[1], position .. '-0', position .. '-0')
  answer[i] = found[1] and found[1][2][2] or redis.call('HGET', KEYS[2], position)
end
return answer
`);

/**
 * Keys: entries, erased. Values: of each entry its position, the bytes that were found there, and those that take their place.
 * Answers the positions where others stand by now: they are left as they are.
 */
export const REWRITE = new RedisScript(`
local changed = {}
for i = 1, #ARGV, 3 do
  local position, before, after = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local found = redis.call('XRANGE', KEYS[1], position .. '-0', position .. '-0')
  local bytes = found[1] and found[1][2][2] or redis.call('HGET', KEYS[2], position)
  if bytes == before then
    redis.call('HSET', KEYS[2], position, after)
    if found[1] then redis.call('XDEL', KEYS[1], position .. '-0') end
  else
    changed[#changed + 1] = tonumber(position)
  end
end
return changed
`);

/**
 * Keys: entries, erased, about. Values: the position before which all goes, and how many entries go at once. Answers the position
 * of the first that is left.
 */
export const TRIM = new RedisScript(`
local about = redis.call('HMGET', KEYS[3], 'first', 'last')
local first, last = tonumber(about[1] or 1), tonumber(about[2] or 0)
local before = math.min(tonumber(ARGV[1]), last + 1, first + tonumber(ARGV[2]))
if before <= first then return first end
redis.call('HSET', KEYS[3], 'first', string.format('%.0f', before))
redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f-0', before))
for position = first, before - 1 do redis.call('HDEL', KEYS[2], string.format('%.0f', position)) end
return before
`);
