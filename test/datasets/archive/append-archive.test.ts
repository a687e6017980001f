import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appendArchive, type AppendReport } from '../../../src/datasets/archive/append-archive.js';
import { writeArchive } from '../../../src/datasets/archive/write-archive.js';
import { readEvents } from '../../../src/datasets/import/read-events.js';
import { type InteractionEvent } from '../../../src/events/event.js';
import { type LogEntry } from '../../../src/events/log.js';
import { RedisArchive } from '../../../src/events/redis-archive.js';
import { openRedisLog, type RedisEventLog } from '../../../src/events/redis-log.js';
import { type RedisConnection } from '../../../src/remote/redis.js';
import { redisKey } from '../../../src/remote/redis-key.js';
import { connectedRedis } from '../../support/connected-redis.js';
import { randomEvents } from '../../support/random-events.js';
import { describeWithRedis, type RedisServer, startRedis } from '../../support/redis.js';
import { openMemoryLog } from '../../support/memory-log.js';
import { withFolder } from '../../support/server.js';
import { until } from '../../support/until.js';

const EVENTS = randomEvents({ seed: 3, count: 900, users: 20 }).map(({ event }) => event);

/** Everything in the archive, by position. */
async function archived(folder: string): Promise<readonly LogEntry[]> {
  const entries: LogEntry[] = [];
  for (const name of (await readdir(folder)).filter((one) => one.endsWith('.parquet')).toSorted()) {
    const options = { format: 'archive', kind: 'interactions', now: Number.MAX_SAFE_INTEGER, strict: true } as const;
    for await (const { events, positionOf } of readEvents({ ...options, file: join(folder, name), positions: true })) {
      entries.push(...events.map((event, i) => ({ position: positionOf[i]!, event })));
    }
  }
  return entries;
}

const interactionsOf = (entries: readonly LogEntry[]): readonly LogEntry[] =>
  entries.filter(({ event }) => event.kind === 'interaction');

describeWithRedis('the archive of a log in Redis', () => {
  let server: RedisServer;
  let redis: RedisConnection;
  let log: RedisEventLog;
  let tenant = '';
  let tenants = 0;
  beforeAll(async () => {
    server = await startRedis(['--appendfsync', 'no']);
    redis = await connectedRedis(server.port);
  });
  beforeEach(async () => {
    tenant = `tenant-${++tenants}`;
    log = await openRedisLog({ redis, tenant, timeoutMs: 2_000 });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await log.close();
  });
  afterAll(() => server.stop());

  /** Another process's. */
  const archiver = (claimMs?: number): RedisArchive =>
    new RedisArchive({ redis, tenant, ...(claimMs !== undefined && { claimMs }) });
  const run = (folder: string, more: Partial<Parameters<typeof appendArchive>[0]> = {}): Promise<AppendReport> =>
    appendArchive({ log, archive: archiver(), folder, eventsPerFile: 200, ...more });
  const inLog = async (): Promise<readonly LogEntry[]> => interactionsOf(await log.read(0, 2_000));
  const append = async (from: number, to: number): Promise<void> => void (await log.append(EVENTS.slice(from, to)));
  const anybody = (): string => (EVENTS.find(({ kind }) => kind === 'interaction') as InteractionEvent).userId;
  const forget = async (userId: string): Promise<void> =>
    void (await log.pseudonymise(userId, `erased-${userId}`, {
      upTo: log.last(),
      includeForgets: false,
      sessionSalt: 'salt',
    }));

  it('gets what has come since the last run, and nothing twice', () =>
    withFolder(async (folder) => {
      await append(0, 500);
      expect(await run(folder)).toMatchObject({ files: 3, rewritten: 0, position: 500 });
      expect(await run(folder)).toEqual({ interactions: 0, files: 0, rewritten: 0, position: 500 });
      await append(500, 900);
      expect(await run(folder)).toMatchObject({ files: 2, position: 900 });
      expect(await archived(folder)).toEqual(await inLog());
      expect((await archived(folder)).length).toBeGreaterThan(500);
      expect(await readdir(folder)).toEqual([
        'archive.json',
        ...[1, 201, 401, 501, 701].map((from) => `interactions-from-${String(from).padStart(16, '0')}.parquet`),
      ]);
      expect(await archiver().archivedUpTo()).toBe(900);
    }));

  it('goes on behind events that are no interactions', () =>
    withFolder(async (folder) => {
      await log.append([{ kind: 'item', itemId: 'a', at: 1 }]);
      expect(await run(folder)).toEqual({ interactions: 0, files: 1, rewritten: 0, position: 1 });
      await append(0, 100);
      expect(await run(folder)).toMatchObject({ files: 1, position: 101 });
      expect(await archived(folder)).toEqual(await inLog());
    }));

  it('has everything once after a run that ended between a file and its acknowledgement', () =>
    withFolder(async (folder) => {
      await append(0, 500);
      const killed = archiver();
      const acknowledge = killed.acknowledge.bind(killed);
      jest.spyOn(killed, 'acknowledge').mockImplementation(async (position) => {
        if (position === 400) throw new Error('killed');
        return acknowledge(position);
      });
      await expect(run(folder, { archive: killed })).rejects.toThrow('killed');
      expect(await archiver().archivedUpTo()).toBe(200);
      expect(await run(folder)).toMatchObject({ files: 1, position: 500 });
      expect(await archived(folder)).toEqual(await inLog());
    }));

  it('has everything once after a run that ended before a file had its name, and nothing of what that left', () =>
    withFolder(async (folder) => {
      await append(0, 500);
      const killed = archiver();
      jest.spyOn(killed, 'keep').mockRejectedValue(new Error('killed'));
      await expect(run(folder, { archive: killed })).rejects.toThrow('killed');
      const left = await readdir(folder);
      expect(left.map((name) => name.slice(-4))).toEqual(['json', '.tmp']);
      expect(await run(folder)).toMatchObject({ files: 3, position: 500 });
      expect(await archived(folder)).toEqual(await inLog());
      expect(await readdir(folder)).toHaveLength(4);
    }));

  it('is written by one process at a time', () =>
    withFolder(async (folder) => {
      await append(0, 500);
      const reports = await Promise.allSettled([run(folder), run(folder), run(folder)]);
      const refused = reports.flatMap((one) => (one.status === 'rejected' ? [one.reason as { code: string }] : []));
      expect(refused.length).toBeLessThan(3);
      expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['ARCHIVE_BUSY']));
      expect(await archived(folder)).toEqual(await inLog());
    }));

  it.each([
    ['makes sure that it still has its turn', true],
    ['has just made sure', false],
  ])('takes no file of a process that was frozen until another had its turn, and that %s', (_, isTold) =>
    withFolder(async (folder) => {
      await append(0, 150);
      const frozen = archiver();
      const keep = frozen.keep.bind(frozen);
      let [isFrozen, goOn] = [false, (): void => undefined];
      const thawed = new Promise<void>((resolve) => (goOn = resolve));
      jest.spyOn(frozen, 'keep').mockImplementation(async () => {
        isFrozen = true;
        await thawed;
        if (isTold) await keep();
      });
      const outcome = expect(run(folder, { archive: frozen })).rejects.toMatchObject({ code: 'ARCHIVE_CLAIM_LOST' });
      await until(() => isFrozen);
      expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toHaveLength(1);
      // As if its time were over.
      await redis.client.del(redisKey(tenant, 'log', 'archiver'));
      expect(await run(folder)).toMatchObject({ files: 1, position: 150 });
      goOn();
      await outcome;
      expect(await archived(folder)).toEqual(await inLog());
      expect(await readdir(folder)).toHaveLength(2);
    }),
  );

  it('takes no erasure of a process that was frozen until another had its turn', () =>
    withFolder(async (folder) => {
      await append(0, 150);
      await run(folder);
      await forget(anybody());
      const frozen = archiver();
      let [isFrozen, goOn] = [false, (): void => undefined];
      const thawed = new Promise<void>((resolve) => (goOn = resolve));
      jest.spyOn(frozen, 'keep').mockImplementation(() => {
        isFrozen = true;
        return thawed;
      });
      const outcome = expect(run(folder, { archive: frozen })).rejects.toMatchObject({ code: 'ARCHIVE_CLAIM_LOST' });
      await until(() => isFrozen);
      await redis.client.del(redisKey(tenant, 'log', 'archiver'));
      await forget((EVENTS.findLast(({ kind }) => kind === 'interaction') as InteractionEvent).userId);
      expect(await run(folder)).toMatchObject({ rewritten: 1 });
      goOn();
      await outcome;
      expect(await archived(folder)).toEqual(await inLog());
    }));

  it('is free again a while after the process that had it has died', async () => {
    const [died, heir] = [archiver(200), archiver()];
    // It renews nothing any more.
    jest.spyOn(died, 'keep').mockResolvedValue();
    await died.claim('archive');
    await expect(heir.claim('archive')).rejects.toMatchObject({ code: 'ARCHIVE_BUSY' });
    await until(() => heir.claim('archive'));
    await expect(died.acknowledge(5)).rejects.toMatchObject({ code: 'ARCHIVE_CLAIM_LOST' });
    await died.release();
    await heir.acknowledge(7);
    expect(await archiver().archivedUpTo()).toBe(7);
    await heir.release();
  });

  it('stays with a process that is at it for longer than a claim lasts', async () => {
    const [slow, other] = [archiver(600), archiver()];
    await slow.claim('archive');
    const keep = jest.spyOn(slow, 'keep');
    await until(() => keep.mock.calls.length >= 6);
    await expect(other.claim('archive')).rejects.toMatchObject({ code: 'ARCHIVE_BUSY' });
    await slow.release();
    await other.claim('archive');
    await other.release();
  });

  it('gets an erasure with the next run, also where the log no longer has the events', () =>
    withFolder(async (folder) => {
      const userId = anybody();
      await append(0, 500);
      await run(folder);
      await forget(userId);
      const expected = await inLog();
      await log.trim(450);
      await append(500, 600);
      const before = (await archived(folder)).filter(({ event }) => (event as InteractionEvent).userId === userId);
      expect(before.length).toBeGreaterThan(5);
      expect(await run(folder)).toMatchObject({ files: 1, rewritten: 3, position: 600 });
      const after = await archived(folder);
      expect(after.filter(({ position }) => position <= 500)).toEqual(expected);
      expect(after.at(-1)!.position).toBeGreaterThan(500);
      expect(await archiver().owed()).toEqual([]);
      expect(await run(folder)).toMatchObject({ rewritten: 0, position: 600 });
    }));

  it('gets an erasure that came while a file was written, and leaves whoever bears the id since alone', () =>
    withFolder(async (folder) => {
      const userId = anybody();
      await append(0, 100);
      const archive = archiver();
      const owed = archive.owed.bind(archive);
      const read = log.read.bind(log);
      jest.spyOn(archive, 'owed').mockImplementation(async () => {
        const found = await owed();
        // What the file is made of is read before the erasure.
        jest
          .spyOn(log, 'read')
          .mockImplementationOnce(read)
          .mockImplementationOnce(async (after, limit) => {
            const entries = await read(after, limit);
            await forget(userId);
            return entries;
          });
        return found;
      });
      await run(folder, { archive });
      expect((await archived(folder)).some(({ event }) => (event as InteractionEvent).userId === userId)).toBe(true);
      await log.append([{ kind: 'interaction', userId, itemId: 'later', type: 'CLICK', at: 1 }]);
      expect(await run(folder)).toMatchObject({ rewritten: 1, position: 101 });
      expect(await archived(folder)).toEqual(await inLog());
      const theirs = (await archived(folder)).filter(({ event }) => (event as InteractionEvent).userId === userId);
      expect(theirs.map(({ position }) => position)).toEqual([101]);
    }));

  it('owes nothing to an archive that there is not', async () => {
    await append(0, 100);
    await forget(anybody());
    expect(await archiver().owed()).toEqual([]);
  });

  it('of a log that has lost its beginning is of what there is', () =>
    withFolder(async (folder) => {
      await append(0, 500);
      const expected = (await inLog()).filter(({ position }) => position >= 300);
      await log.trim(300);
      expect(await run(folder)).toMatchObject({ files: 2, position: 500 });
      expect(await archived(folder)).toEqual(expected);
    }));

  it('fails where the log has lost what was not archived yet', () =>
    withFolder(async (folder) => {
      await append(0, 300);
      await run(folder);
      await append(300, 500);
      await log.trim(400);
      await expect(run(folder)).rejects.toMatchObject({ code: 'LOG_TRIMMED' });
      expect(await archiver().archivedUpTo()).toBe(300);
    }));

  it('is in one folder, until one is begun anew in another that is empty', () =>
    withFolder(async (folder) => {
      const [old, other] = [join(folder, 'old'), join(folder, 'other')];
      await append(0, 300);
      await run(old);
      await expect(run(other)).rejects.toMatchObject({ code: 'ARCHIVE_ELSEWHERE' });
      await expect(run(old, { anew: true })).rejects.toThrow('is not empty; --anew begins in an empty folder');
      expect(await run(other, { anew: true })).toMatchObject({ files: 2, position: 300 });
      expect(await archived(other)).toEqual(await inLog());
      await expect(run(old)).rejects.toMatchObject({ code: 'ARCHIVE_ELSEWHERE' });
    }));

  it('shares its folder with no other log and no other kind of archive', () =>
    withFolder(async (folder) => {
      const [grown, written] = [join(folder, 'grown'), join(folder, 'written')];
      await append(0, 100);
      await run(grown);
      await expect(writeArchive(openMemoryLog(), grown)).rejects.toThrow('is the archive of a log in Redis');
      const embedded = openMemoryLog();
      await embedded.append(EVENTS.slice(0, 50));
      await writeArchive(embedded, written);
      await expect(run(written)).rejects.toThrow('has files of another kind of archive');
      await writeFile(join(grown, 'archive.json'), JSON.stringify({ archive: 'a', log: 'another' }));
      await expect(run(grown)).rejects.toThrow('is the archive of another log');
    }));

  it('says so where it is ahead of a log that has lost events', () =>
    withFolder(async (folder) => {
      await append(0, 100);
      await run(folder);
      jest.spyOn(log, 'last').mockReturnValue(90);
      await expect(run(folder)).rejects.toThrow('goes up to position 100 and the log to 90: it has lost events');
    }));
});
