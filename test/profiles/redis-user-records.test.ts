import { FellBehindError } from '../../src/profiles/fell-behind-error.js';
import { RedisUserRecords } from '../../src/profiles/redis-user-records.js';
import { RedisConnection } from '../../src/remote/redis.js';
import { redisKey } from '../../src/remote/redis-key.js';
import { bytes, flushed, textAt, userRecordsContract } from '../contracts/user-records.contract.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';
import { untilDone } from '../support/until.js';

describeWithRedis('RedisUserRecords', () => {
  let server: RedisServer;
  let redis: RedisConnection;
  let tenants = 0;
  beforeAll(async () => {
    server = await startRedis();
    redis = new RedisConnection({ url: server.url, timeoutMs: 2_000 });
    await untilDone(() => redis.call((client) => client.ping()));
  });
  afterAll(async () => {
    await redis.close();
    await server.stop();
  });

  /** Opens records over a store that nobody has written to. */
  function store(): (settings?: string, nearBytes?: number) => RedisUserRecords {
    const tenant = `t${++tenants}`;
    return (settings = 'these', nearBytes = 2 ** 20) => new RedisUserRecords({ redis, settings, tenant, nearBytes });
  }

  userRecordsContract((run) => run(store()));

  it('answers nothing that was not brought near', async () => {
    const records = store()();
    expect(records.isAtHand('u')).toBe(false);
    expect(() => records.get('u', 3)).toThrow('records as of position 3 were read and not prefetched');
    await records.prefetch(['u'], 3);
    expect(records.get('u', 3)).toBeUndefined();
    records.put('u', 7, bytes('seven'));
    expect(() => records.get('u', 6)).toThrow('by a fold that has written at 7');
  });

  it('asks once for a user, with a record or without one, however often they are read', async () => {
    const open = store();
    const writer = open();
    writer.put('u', 5, bytes('five'));
    await flushed(writer);
    const records = open();
    const calls = jest.spyOn(redis, 'call');
    const ids = ['u', 'nobody', 'else'];
    await records.prefetch(ids, 6);
    expect(ids.map((id) => records.prefetch([id], 7))).toEqual([null, null, null]);
    expect(records.prefetch(ids, 900)).toBeNull();
    expect(calls).toHaveBeenCalledTimes(1);
    calls.mockRestore();
  });

  it('asks once for a user whom several want at the same time', async () => {
    const records = store()();
    const calls = jest.spyOn(redis, 'call');
    await Promise.all([
      records.prefetch(['u', 'v'], 3),
      records.prefetch(['v', 'u'], 3),
      records.prefetch(['u', 'w'], 3),
    ]);
    expect(calls).toHaveBeenCalledTimes(2);
    expect(records.prefetch(['u', 'v', 'w'], 3)).toBeNull();
    calls.mockRestore();
  });

  it('writes what waits in one round trip', async () => {
    const records = store()();
    expect(records.flush()).toBeNull();
    const calls = jest.spyOn(redis, 'call');
    for (let at = 1; at <= 500; at++) records.put(`u${at % 100}`, at, bytes(`at ${at}`));
    expect(calls).not.toHaveBeenCalled();
    await records.flush();
    expect(calls).toHaveBeenCalledTimes(1);
    expect(records.flush()).toBeNull();
    calls.mockRestore();
  });

  it('reads only what was put under the same settings, and erases under all', async () => {
    const open = store();
    const [these, those] = [open(), open('those')];
    these.put('u', 5, bytes('these'));
    those.put('u', 6, bytes('those'));
    those.put('v', 6, bytes('other'));
    await flushed(these);
    await flushed(those);
    expect([await textAt(open(), 'u', 9), await textAt(open('those'), 'u', 9)]).toEqual(['these', 'those']);
    await these.erase('u', 9);
    expect([await textAt(open(), 'u', 9), await textAt(open('those'), 'u', 9)]).toEqual([undefined, undefined]);
    expect(await textAt(open('those'), 'v', 9)).toBe('other');
  });

  it('reads for another fold nothing that is near for this one, and nothing of another log', async () => {
    const records = store()();
    records.put('u', 5, bytes('five'));
    const [same, other] = [records.forFold(undefined), records.forFold('another log')];
    expect(same.isAtHand('u')).toBe(false);
    await flushed(records);
    expect([await textAt(same, 'u', 9), await textAt(other, 'u', 9)]).toEqual(['five', undefined]);
    await other.erase('u', 9);
    expect(await textAt(records.forFold(undefined), 'u', 9)).toBeUndefined();
  });

  it('leaves nothing of an erased user but a mark without the id, which goes of itself', async () => {
    const tenant = 'erasing';
    const records = new RedisUserRecords({ redis, settings: 'these', tenant });
    records.put('anna', 5, bytes('five'));
    await flushed(records);
    const keys = (): Promise<string[]> => redis.call((client) => client.keys(redisKey(tenant, 'users', '*')));
    expect(await keys()).toEqual([redisKey(tenant, 'users', 'of', 'anna')]);
    await records.erase('anna', 9);
    const [mark, ...others] = await keys();
    expect(others).toEqual([]);
    expect(mark).not.toContain('anna');
    expect(await redis.call((client) => client.ttl(mark!))).toBeGreaterThan(0);
  });

  it('keeps nothing of a removal of somebody who had never left memory', async () => {
    const tenant = 'removing';
    const records = new RedisUserRecords({ redis, settings: 'these', tenant });
    records.remove('visitor', 5);
    records.put('anna', 5, bytes('five'));
    records.remove('anna', 6);
    await flushed(records);
    const keys = await redis.call((client) => client.keys(redisKey(tenant, 'users', '*')));
    expect(keys.filter((key) => !key.includes('removed'))).toEqual([redisKey(tenant, 'users', 'of', 'anna')]);
    const other = records.forFold(undefined);
    expect([await textAt(other, 'visitor', 9), await textAt(other, 'anna', 9)]).toEqual([undefined, undefined]);
  });

  it('takes nothing that a replica which is behind writes of an erased user', async () => {
    const open = store();
    const behind = open();
    behind.put('anna', 5, bytes('five'));
    await open().erase('anna', 8);
    await flushed(behind);
    behind.put('anna', 7, bytes('seven'));
    await flushed(behind);
    expect(await textAt(open(), 'anna', 8)).toBeUndefined();
    behind.put('anna', 9, bytes('somebody new'));
    await flushed(behind);
    expect(await textAt(open(), 'anna', 9)).toBe('somebody new');
  });

  it('drops what no fold may start from any more, and tells a fold that would need it', async () => {
    const tenant = 'dropping';
    const open = (): RedisUserRecords => new RedisUserRecords({ redis, settings: 'these', tenant });
    const records = open();
    for (const at of [5, 7, 9, 12]) records.put('u', at, bytes(`at ${at}`));
    await flushed(records);
    const versions = (): Promise<number> => redis.call((client) => client.zcard(redisKey(tenant, 'users', 'of', 'u')));
    expect(await versions()).toBe(4);
    records.keepFrom(10);
    records.keepFrom(8);
    records.put('u', 15, bytes('at 15'));
    await flushed(records);
    expect(await versions()).toBe(3);
    expect(await textAt(open(), 'u', 10)).toBe('at 9');
    await expect(open().prefetch(['u'], 9)).rejects.toThrow(FellBehindError);
    await expect(open().prefetch(['other'], 9)).rejects.toThrow(
      'the state stands at position 9, and records of users who left memory are kept from 10 on',
    );
  });

  it('lets go of who was removed, with the removal, once no fold starts before it any more', async () => {
    const tenant = 'sweeping';
    const records = new RedisUserRecords({ redis, settings: 'these', tenant });
    const sizes = (): Promise<number[]> =>
      redis.call((client) =>
        Promise.all(['visitor', 'later', 'back'].map((id) => client.zcard(redisKey(tenant, 'users', 'of', id)))),
      );
    for (const id of ['visitor', 'later', 'back']) records.put(id, 5, bytes('five'));
    for (const id of ['visitor', 'back']) records.remove(id, 8);
    records.remove('later', 20);
    records.put('back', 9, bytes('nine'));
    await flushed(records);
    expect(await sizes()).toEqual([2, 2, 3]);
    const other = records.forFold(undefined);
    records.keepFrom(10);
    // Nothing more is written.
    await flushed(records);
    expect(await sizes()).toEqual([0, 2, 3]);
    expect([await textAt(other, 'back', 10), await textAt(other, 'later', 10)]).toEqual(['nine', 'five']);
    records.keepFrom(30);
    records.put('back', 31, bytes('again'));
    await flushed(records);
    expect(await sizes()).toEqual([0, 0, 2]);
    const removed = await redis.call((client) => client.keys(redisKey(tenant, 'users', 'removed', '*')));
    expect(removed).toEqual([]);
  });

  it('forgets of an erased user also that they were removed', async () => {
    const tenant = 'erasing-removed';
    const open = (settings: string): RedisUserRecords => new RedisUserRecords({ redis, settings, tenant });
    for (const settings of ['these', 'those']) {
      const records = open(settings);
      records.put('visitor', 5, bytes('five'));
      records.remove('visitor', 8);
      await flushed(records);
    }
    await open('these').erase('visitor', 9);
    const keys = await redis.call((client) => client.keys(redisKey(tenant, 'users', '*')));
    expect(keys.filter((key) => !key.includes(':erased:'))).toEqual([redisKey(tenant, 'users', 'removed-under')]);
  });

  it('takes nothing of an erased user from a process that stood still until the mark was gone', async () => {
    const tenant = 'frozen';
    const open = (): RedisUserRecords => new RedisUserRecords({ redis, settings: 'these', tenant });
    const [frozen, other] = [open(), open()];
    frozen.put('anna', 5, bytes('five'));
    other.put('anna', 5, bytes('five'));
    await flushed(other);
    // A checkpoint that was made after it, and the erasure.
    other.keepFrom(8);
    await other.erase('anna', 8);
    await redis.call(async (client) => client.del(await client.keys(redisKey(tenant, 'users', 'erased', '*'))));
    await flushed(frozen);
    expect(await redis.call((client) => client.exists(redisKey(tenant, 'users', 'of', 'anna')))).toBe(0);
    frozen.put('anna', 9, bytes('somebody new'));
    await flushed(frozen);
    expect(await textAt(open(), 'anna', 9)).toBe('somebody new');
  });

  it('has nothing to tell as long as everybody fits in memory, however many checkpoints are written', async () => {
    const records = store()();
    records.keepFrom(7);
    expect(records.flush()).toBeNull();
    await records.prefetch(['u'], 8);
    expect(records.flush()).not.toBeNull();
    await flushed(records);
    expect(records.flush()).toBeNull();
  });

  it('lets go of nothing that is not written yet', async () => {
    const open = store();
    const records = open();
    records.put('u', 5, bytes('x'.repeat(5 * 2 ** 20)));
    records.put('v', 6, bytes('six'));
    records.keepFrom(7);
    await records.erase('w', 7);
    await flushed(records);
    expect([(await textAt(open(), 'u', 7))?.length, await textAt(open(), 'v', 7)]).toEqual([5 * 2 ** 20, 'six']);
  });

  it('holds no more near than it may, and never lets go of what is still needed', async () => {
    const open = store();
    const records = open('these', 2_000);
    const ids = Array.from({ length: 40 }, (_, at) => `u${at}`);
    ids.forEach((id, at) => records.put(id, at + 1, bytes(id.repeat(50))));
    await records.prefetch(['more'], 40);
    // None of them is in the store yet.
    expect(ids.map((id) => records.isAtHand(id))).not.toContain(false);
    await flushed(records);
    await records.prefetch([...ids.slice(0, 5), 'even more'], 40);
    expect(ids.map((id) => records.isAtHand(id))).toEqual(ids.map((_, at) => at < 5 || at > 37));
    expect(await textAt(records, 'u20', 40)).toBe('u20'.repeat(50));
  });

  it('does not take an answer for true that what was written meanwhile has overtaken', async () => {
    const open = store();
    const before = open();
    before.put('u', 5, bytes('five'));
    await flushed(before);
    const records = open();
    const asked = records.prefetch(['u', 'v'], 6);
    records.put('u', 7, bytes('seven'));
    await asked;
    expect([await textAt(records, 'u', 7), await textAt(records, 'v', 7)]).toEqual(['seven', undefined]);
  });

  it('keeps ids and records as they are, whatever bytes they have', async () => {
    const open = store();
    const records = open();
    const record = Uint8Array.from({ length: 256 }, (_, at) => at);
    for (const id of ['{x}', 'a:b;c', 'ünï 😀', '*']) {
      records.put(id, 3, record);
      await flushed(records);
      const other = open();
      await other.prefetch([id], 3);
      expect(Buffer.from(other.get(id, 3)!).equals(record)).toBe(true);
    }
  });
});
