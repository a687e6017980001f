/**
 * What the slate store does in Redis, as scripts. Keys: `order`, ids by number of making; `rows`, of each id its bytes and owners;
 * `bytes`, their sum; beside them one key a slate and one a owner, the set of ids. A slate that has expired leaves its row
 * until later ones come. An index whose parts were lost or evicted comes right again as it empties.
 */
import { RedisScript } from '../remote/redis-script.js';

/** Rows that one put takes out at most. */
const MOST_REMOVED = 1_000;

const REMOVE = `
local order, rows, total, slate, owner = unpack(KEYS)
local bytes = tonumber(redis.call('GET', total)) or 0
local function rowOf(id)
  local row = redis.call('HGET', rows, id)
  return row and cmsgpack.unpack(row)
end
local function remove(id)
  local row = rowOf(id)
  redis.call('ZREM', order, id)
  redis.call('HDEL', rows, id)
  redis.call('DEL', slate .. id)
  if not row then return end
  bytes = bytes - row[1]
  for at = 2, #row do redis.call('SREM', owner .. row[at], id) end
end
`;

/**
 * Values: time to live, capacity, bytes; then of each slate its id, its value, the number of its owners, and these. The slate
 * itself is written last: it is never there without what erases it.
 */
export const PUT_SLATES = new RedisScript(`${REMOVE}
local ttl, capacity, most = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local number = tonumber(redis.call('ZREVRANGE', order, 0, 0, 'WITHSCORES')[2]) or 0
local at = 4
while at <= #ARGV do
  local id, value, owners = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  local before = rowOf(id)
  if before then bytes = bytes - before[1] end
  local row = { #value }
  number = number + 1
  redis.call('ZADD', order, number, id)
  for given = at + 3, at + 2 + owners do
    row[#row + 1] = ARGV[given]
    redis.call('SADD', owner .. ARGV[given], id)
    redis.call('PEXPIRE', owner .. ARGV[given], ttl)
  end
  redis.call('HSET', rows, id, cmsgpack.pack(row))
  redis.call('SET', slate .. id, value, 'PX', ttl)
  bytes = bytes + #value
  at = at + 3 + owners
end
local count = redis.call('ZCARD', order)
for _ = 1, ${MOST_REMOVED} do
  local oldest = redis.call('ZRANGE', order, 0, 0)[1]
  if not oldest then bytes = 0 end
  if not oldest or count <= capacity and bytes <= most and redis.call('EXISTS', slate .. oldest) == 1 then break end
  remove(oldest)
  count = count - 1
end
redis.call('SET', total, string.format('%.0f', math.max(0, bytes)))
for _, key in ipairs({ order, rows, total }) do redis.call('PEXPIRE', key, ttl) end
return false`);

/** Value: the owner. Gives how many of its slates there were. */
export const FORGET_SLATES = new RedisScript(`${REMOVE}
local count = 0
for _, id in ipairs(redis.call('SMEMBERS', owner .. ARGV[1])) do
  count = count + redis.call('EXISTS', slate .. id)
  remove(id)
end
redis.call('DEL', owner .. ARGV[1])
if redis.call('EXISTS', total) == 1 then
  redis.call('SET', total, string.format('%.0f', math.max(0, bytes)), 'KEEPTTL')
end
return count`);
