import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readEvents } from '../../src/datasets/import/read-events.js';
import { openLmdbLog } from '../../src/events/lmdb-log.js';
import { type Event } from '../../src/events/event.js';
import { click } from '../contracts/event-log.contract.js';
import { seededRandom } from '../../src/math/random.js';
import { runCommand } from '../support/command.js';
import { MAIN, withFolder } from '../support/server.js';

const DAY_MS = 86_400_000;
const FILE = 'interactions-2017-10-03.parquet';
const FULL: Event = {
  ...click('b', 'x'),
  userId: ' v',
  type: 'PURCHASE',
  weight: 2.5,
  sessionId: 's',
  context: { region: '21' },
  recommendationId: 'r',
  rank: 3,
};

it('recograph archive writes files that recograph import archive reads back to equal events, once', () =>
  withFolder(async (folder) => {
    const [from, into] = [join(folder, 'from'), join(folder, 'into')];
    const log = openLmdbLog({ folder: join(from, 'log') });
    await log.append([FULL, { kind: 'item', itemId: 'a', at: 1 }, click('a')]);
    const archived = await runCommand('archive', '--data', from);
    await log.close();
    const archive = join(from, 'archive');
    expect(archived).toEqual({
      code: 0,
      stdout: `2 interactions of 1 day in ${archive}, up to log position 3\n`,
      stderr: '',
    });
    expect(await readdir(archive)).toEqual([FILE]);
    const file = join(archive, FILE);
    expect((await runCommand('import', 'archive', '--file', file, '--data', into)).code).toBe(0);
    const imported = openLmdbLog({ folder: join(into, 'log'), readOnly: true });
    expect((await imported.read(0, 10)).map(({ event }) => event)).toMatchObject([
      FULL,
      click('a'),
      { kind: 'import' },
    ]);
    expect(await imported.get([1, 2])).toStrictEqual([FULL, click('a')]);
    await imported.close();
    const other = join(folder, 'other');
    expect((await runCommand('archive', '--data', from, '--to', other)).stdout).toContain(`in ${other},`);
    expect(await readdir(other)).toEqual([FILE]);
  }));

it('recograph archive of a folder without a log fails and makes none', () =>
  withFolder(async (folder) => {
    const { code, stderr } = await runCommand('archive', '--data', join(folder, 'none'));
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `LOG_UNAVAILABLE: the event log is unavailable: ${join(folder, 'none', 'log')} does not exist\n`,
    });
    expect(await readdir(folder)).toEqual([]);
  }));

it('recograph archive leaves whole files only when it is killed, and the next run completes them', () =>
  withFolder(async (folder) => {
    const DAYS = 60;
    const ROWS = 50;
    const random = seededRandom(4);
    const log = openLmdbLog({ folder: join(folder, 'log') });
    await log.append(Array.from({ length: DAYS * ROWS }, (_, n) => ({ ...click(`${n}`), at: (n % DAYS) * DAY_MS })));
    await log.close();
    const wholeFiles = async (archive: string): Promise<string[]> =>
      (await readdir(archive).catch(() => [])).filter((name) => name.endsWith('.parquet'));
    let cutShort = 0;
    for (let round = 0; round < 4; round++) {
      const archive = join(folder, `archive-${round}`);
      const child = spawn(process.execPath, [MAIN, 'archive', '--data', folder, '--to', archive], { stdio: 'ignore' });
      const ended = once(child, 'exit');
      const until = 1 + random.below(DAYS / 2);
      while (child.exitCode === null && (await wholeFiles(archive)).length < until) await nextTurn();
      child.kill('SIGKILL');
      await ended;
      const left = await wholeFiles(archive);
      if (left.length < DAYS) cutShort++;
      for (const name of left) expect(await rowsIn(join(archive, name))).toBe(ROWS);
      expect((await runCommand('archive', '--data', folder, '--to', archive)).code).toBe(0);
      const complete = await readdir(archive);
      expect(complete).toHaveLength(DAYS);
      expect(await rowsIn(join(archive, complete[0]!))).toBe(ROWS);
    }
    expect(cutShort).toBeGreaterThan(0);
  }));

async function rowsIn(file: string): Promise<number> {
  let rows = 0;
  for await (const batch of readEvents({ file, format: 'archive', kind: 'interactions', now: Date.now() })) {
    expect(batch.rejected).toEqual([]);
    rows = batch.rows;
  }
  return rows;
}
