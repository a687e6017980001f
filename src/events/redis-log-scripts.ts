/**
 * What Redis does with the log in one step. Keys of a log, all with one hash tag: `entries`, a stream whose ids are
 * `<position>-0` and whose only field holds the bytes of the codec; `erased`, a hash of position -> bytes of the entries that an
 * erasure has rewritten and taken out of the stream; `ids`, the window of duplicates, a sorted set of key -> ordinal; `about`,
 * a hash of the log's random `id`; its `generation`, another one from each loss of events on; the positions of its `first` and
 * `last` entry; the last `ordinal`; and of erasures the number of `rewrites`, the highest position that any of them reached
 * (`rewrittenTo`), and the number at which the last one had begun (`rewrittenSince`).
 * The first write of each script is one that a full Redis refuses, so that it refuses all or nothing; they declare no flags,
 * which Redis knows from version 7 on only.
 */
import { RedisScript } from '../remote/redis-script.js';

/** Codes with which a script refuses. */
export const OTHER_LOG = 'OTHERLOG';
export const LOST_EVENTS = 'LOSTEVENTS';

/**
 * `mark(position)`: by what an entry is known again, or '' where the stream has none there. `stands(at, known)`: whether the log
 * has what a process had been told of. Of an entry that was trimmed or rewritten by an erasure only that it was there is known.
 */
const STANDS = `
local function mark(position)
  local id = string.format('%.0f-0', position)
  local found = redis.call('XRANGE', KEYS[1], id, id)
  return found[1] and redis.sha1hex(found[1][2][2]) or ''
end
local function stands(at, known, first, last)
  if at > last then return false end
  if at < first then return true end
  local found = mark(at)
  if found == '' then return redis.call('HEXISTS', KEYS[2], string.format('%.0f', at)) == 1 end
  return known == '' or known == found
end
`;

/**
 * How the log ends, and whether it is still the one that the caller knows: where it is not, it gets another generation, once.
 * Of two generations the one with the higher number is the later one: one that falls was lost itself. A log that is not there
 * is begun. Keys: entries, erased, about. Values: id, generation, position and mark of the end that the caller knows, and
 * something random. Answers id, generation, position and mark of the last entry, rewrites, rewrittenTo, rewrittenSince.
 */
export const LOOK = new RedisScript(`
${STANDS}
local about = redis.call('HMGET', KEYS[3], 'id', 'generation', 'first', 'last', 'rewrites', 'rewrittenTo', 'rewrittenSince')
local id, generation = about[1], about[2] or '0'
local first, last = tonumber(about[3] or 1), tonumber(about[4] or 0)
local function number(of) return tonumber(string.match(of, '^%d+')) end
if not id then
  id = ARGV[5]
  redis.call('HSET', KEYS[3], 'id', id)
elseif id == ARGV[1] then
  local known = ARGV[2]
  if number(generation) < number(known) or (generation == known and not stands(tonumber(ARGV[3]), ARGV[4], first, last)) then
    generation = string.format('%.0f-%s', number(known) + 1, string.sub(ARGV[5], 1, 8))
    redis.call('HSET', KEYS[3], 'generation', generation)
  end
end
return { id, generation, last, mark(last), tonumber(about[5] or 0), tonumber(about[6] or 0), tonumber(about[7] or 0) }
`);

/**
 * Keys: entries, erased, about, ids. Values: id, generation, position and mark of the end that the caller knows, window, then of
 * each event its key in the window, or nothing, and its bytes. Answers the last position, then that of each event, 0 for a
 * duplicate.
 */
export const APPEND = new RedisScript(`
${STANDS}
local about = redis.call('HMGET', KEYS[3], 'id', 'generation', 'first', 'last', 'ordinal')
if about[1] ~= ARGV[1] then return redis.error_reply('${OTHER_LOG} the log is another one') end
local first, last, ordinal = tonumber(about[3] or 1), tonumber(about[4] or 0), tonumber(about[5] or 0)
if (about[2] or '0') ~= ARGV[2] or not stands(tonumber(ARGV[3]), ARGV[4], first, last) then
  return redis.error_reply('${LOST_EVENTS} the log has lost events that it had given out')
end
local window = tonumber(ARGV[5])
local answer, given = { 0 }, 0
for i = 6, #ARGV, 2 do
  local key, position = ARGV[i], 0
  local known = false
  if key ~= '' then
    given = given + 1
    known = redis.call('ZSCORE', KEYS[4], key)
    known = known and tonumber(known) > ordinal - window
    if not known then
      ordinal = ordinal + 1
      redis.call('ZADD', KEYS[4], ordinal, key)
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
local old = math.min(redis.call('ZCOUNT', KEYS[4], '-inf', ordinal - window), 2 * given)
if old > 0 then redis.call('ZREMRANGEBYRANK', KEYS[4], 0, old - 1) end
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
 * Keys: entries, erased, about. Values: the number of rewrites when the erasure began, then of each entry its position, the bytes
 * that were found there, and those that take their place. Answers the positions where others stand by now: they are left as they are.
 */
export const REWRITE = new RedisScript(`
local changed, highest = {}, 0
for i = 2, #ARGV, 3 do
  local position, before, after = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local found = redis.call('XRANGE', KEYS[1], position .. '-0', position .. '-0')
  local bytes = found[1] and found[1][2][2] or redis.call('HGET', KEYS[2], position)
  if bytes == before then
    redis.call('HSET', KEYS[2], position, after)
    if found[1] then redis.call('XDEL', KEYS[1], position .. '-0') end
    highest = math.max(highest, tonumber(position))
  else
    changed[#changed + 1] = tonumber(position)
  end
end
if highest > 0 then
  highest = math.max(highest, tonumber(redis.call('HGET', KEYS[3], 'rewrittenTo') or 0))
  redis.call('HINCRBY', KEYS[3], 'rewrites', 1)
  redis.call('HSET', KEYS[3], 'rewrittenTo', string.format('%.0f', highest), 'rewrittenSince', ARGV[1])
end
return changed
`);

/**
 * Keys: entries, erased, about. Values: the position before which all goes, how many entries go at once, id and generation of the
 * log whose position it is. Answers the position of the first that is left.
 */
export const TRIM = new RedisScript(`
local about = redis.call('HMGET', KEYS[3], 'first', 'last', 'id', 'generation')
if about[3] ~= ARGV[3] or (about[4] or '0') ~= ARGV[4] then return redis.error_reply('${OTHER_LOG} the log is another one') end
local first, last = tonumber(about[1] or 1), tonumber(about[2] or 0)
local before = math.min(tonumber(ARGV[1]), last + 1, first + tonumber(ARGV[2]))
if before <= first then return first end
redis.call('HSET', KEYS[3], 'first', string.format('%.0f', before))
redis.call('XTRIM', KEYS[1], 'MINID', string.format('%.0f-0', before))
for position = first, before - 1 do redis.call('HDEL', KEYS[2], string.format('%.0f', position)) end
return before
`);
