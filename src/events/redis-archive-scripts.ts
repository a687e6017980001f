/**
 * What Redis does in one step with what it knows of the archive of a log. Keys, with the hash tag of the log: `about`, whose field
 * `archive` names the archive and whose `archived` is the position that it has reached; `archiver`, the token of whoever writes it
 * now, with an end; `due`, a hash of the erasures that its files have not got yet.
 */
import { RedisScript } from '../remote/redis-script.js';

/** Codes with which a script refuses. */
export const ELSEWHERE = 'ARCHIVEELSEWHERE';
export const CLAIMED = 'ARCHIVECLAIMED';
export const CLAIM_LOST = 'CLAIMLOST';

/** Keys: about, archiver, due. Values: name of the archive, token, ms, 1 where it takes the place of another archive. */
export const CLAIM = new RedisScript(`
local archive = redis.call('HGET', KEYS[1], 'archive')
if archive and archive ~= ARGV[1] and ARGV[4] ~= '1' then return redis.error_reply('${ELSEWHERE} the archive is another one') end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[2] then return redis.error_reply('${CLAIMED} another process is at it') end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
if archive ~= ARGV[1] then
  redis.call('HSET', KEYS[1], 'archive', ARGV[1], 'archived', 0)
  redis.call('DEL', KEYS[3])
end
return 1
`);

const HELD = `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return redis.error_reply('${CLAIM_LOST} another process may be at it') end
redis.call('PEXPIRE', KEYS[2], ARGV[2])
`;

/** Keys: about, archiver. Values: token, ms. */
export const KEEP = new RedisScript(`${HELD} return 1`);

/** Keys: about, archiver. Values: token, ms, position. */
export const ACKNOWLEDGE = new RedisScript(`${HELD} redis.call('HSET', KEYS[1], 'archived', ARGV[3]) return 1`);

/** Keys: about, archiver, due. Values: token, ms, then the names of erasures that every file has got. */
export const CARRIED_OUT = new RedisScript(`${HELD}
for i = 3, #ARGV do redis.call('HDEL', KEYS[3], ARGV[i]) end
return 1
`);

/** Keys: about, archiver. Values: token. */
export const RELEASE = new RedisScript(`
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
return 1
`);

/** Keys: about, due. Values: name and content of an erasure. Without an archive there is nothing that it would have to reach. */
export const OWE = new RedisScript(`
if redis.call('HEXISTS', KEYS[1], 'archive') == 1 then redis.call('HSET', KEYS[2], ARGV[1], ARGV[2]) end
return 1
`);
