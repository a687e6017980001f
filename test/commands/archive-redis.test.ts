import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readEvents } from '../../src/datasets/import/read-events.js';
import { RedisArchive } from '../../src/events/redis-archive.js';
import { openRedisLog, type RedisEventLog } from '../../src/events/redis-log.js';
import { seededRandom } from '../../src/math/random.js';
import { type RedisConnection } from '../../src/remote/redis.js';
import { click } from '../contracts/event-log.contract.js';
import { type CommandResult, runCommandIn } from '../support/command.js';
import { connectedRedis } from '../support/connected-redis.js';
import { describeWithRedis, type RedisServer, startRedis } from '../support/redis.js';
import { MAIN, withFolder } from '../support/server.js';

describeWithRedis('recograph archive of a log in Redis', () => {
  let server: RedisServer;
  let redis: RedisConnection;
  let log: RedisEventLog;
  beforeAll(async () => {
    server = await startRedis(['--appendfsync', 'no']);
  });
  beforeEach(async () => {
    redis = await connectedRedis(server.port);
    await redis.client.flushall();
    log = await openRedisLog({ redis, timeoutMs: 5_000 });
  });
  afterEach(() => log.close());
  afterAll(() => server.stop());

  const run = (...args: readonly string[]): Promise<CommandResult> =>
    runCommandIn({ REDIS_URL: server.url }, 'archive', ...args);
  const append = async (from: number, to: number): Promise<void> =>
    void (await log.append(Array.from({ length: to - from }, (_, n) => click(`item-${from + n}`))));

  const filesIn = async (folder: string, end: string): Promise<string[]> => {
    const names = await readdir(folder).catch(() => []);
    return names.filter((name) => name.startsWith('interactions-') && name.endsWith(end)).toSorted();
  };

  /** Positions in all files, in the order of their names. */
  async function positionsIn(folder: string): Promise<number[]> {
    const positions: number[] = [];
    for (const name of await filesIn(folder, '.parquet')) {
      const options = {
        format: 'archive',
        kind: 'interactions',
        now: Date.now(),
        strict: true,
        positions: true,
      } as const;
      for await (const batch of readEvents({ ...options, file: join(folder, name) }))
        positions.push(...batch.positionOf);
    }
    return positions;
  }
  const upTo = (end: number): number[] => Array.from({ length: end }, (_, n) => n + 1);

  it('adds what has come since, and says how much', () =>
    withFolder(async (folder) => {
      const archive = join(folder, 'archive');
      await append(0, 3);
      const said = (n: number, files: string, position: number): object => ({
        code: 0,
        stdout: `${n} more interactions in ${files} in ${archive}, up to log position ${position}\n`,
      });
      expect(await run('--data', folder)).toMatchObject(said(3, '1 more file', 3));
      await append(3, 5);
      expect(await run('--data', folder)).toMatchObject(said(2, '1 more file', 5));
      expect(await run('--data', folder)).toMatchObject(said(0, '0 more files', 5));
      expect(await positionsIn(archive)).toEqual(upTo(5));
      const other = join(folder, 'other');
      const { code, stderr } = await run('--data', folder, '--to', other);
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr:
          'ARCHIVE_ELSEWHERE: the archive of this log is in another folder; --anew begins one here in its place\n',
      });
      const anew = await run('--data', folder, '--to', other, '--anew');
      expect(anew.stdout).toContain('5 more interactions in 1 more file');
      expect(await positionsIn(other)).toEqual(upTo(5));
    }));

  it('has every event once, whenever it is killed', () =>
    withFolder(async (folder) => {
      const archive = join(folder, 'archive');
      const claims = new RedisArchive({ redis });
      const random = seededRandom(5);
      let [end, cutShort] = [0, 0];
      for (let round = 0; round < 4; round++) {
        await append(end, end + 2_000);
        end += 2_000;
        const known = (await filesIn(archive, '.parquet')).length;
        const child = spawn(process.execPath, [MAIN, 'archive', '--data', folder], {
          stdio: 'ignore',
          env: { ...process.env, REDIS_URL: server.url },
        });
        const ended = once(child, 'exit');
        // At the draft, at the name, or some moments after one of them.
        const sign = round % 3 === 0 ? '.tmp' : '.parquet';
        const isThere = async (): Promise<boolean> =>
          (await filesIn(archive, sign)).length > (sign === '.tmp' ? 0 : known);
        while (child.exitCode === null && !(await isThere()));
        await wait(sign === '.tmp' ? random.below(3) : 0);
        child.kill('SIGKILL');
        await ended;
        if (child.signalCode === 'SIGKILL') cutShort++;
        const written = (await positionsIn(archive)).length;
        expect(await claims.archivedUpTo()).toBeLessThanOrEqual(written);
        // One that died frees the archive a minute later.
        await redis.client.del('recograph:{main:log}:archiver');
      }
      expect(cutShort).toBeGreaterThan(0);
      expect((await run('--data', folder)).code).toBe(0);
      expect(await positionsIn(archive)).toEqual(upTo(end));
      expect(await claims.archivedUpTo()).toBe(end);
      expect((await readdir(archive)).filter((name) => !name.endsWith('.parquet'))).toEqual(['archive.json']);
    }));
});
