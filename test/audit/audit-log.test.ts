import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { AuditFiles } from '../../src/audit/audit-files.js';
import { AuditLog } from '../../src/audit/audit-log.js';
import { RECORD } from '../support/operation-record.js';
import { withFolder } from '../support/server.js';

/** Runs the test on a log in a folder, and gives what it told. */
async function onLog(
  run: (log: AuditLog, folder: string) => Promise<void>,
  waitingMost?: number,
): Promise<Record<string, unknown>[]> {
  const told: Record<string, unknown>[] = [];
  const logger = pino({ base: null }, { write: (line) => void told.push(JSON.parse(line) as Record<string, unknown>) });
  const clock = (): number => 0;
  await withFolder(async (parent) => {
    const folder = join(parent, 'audit');
    const files = new AuditFiles({ folder, rotateBytes: 1_000_000, keepDays: 7, keepFiles: 10, clock });
    const log = new AuditLog({
      files,
      pseudonymOf: (id) => `<${id.length}>`,
      clock,
      logger,
      ...(waitingMost !== undefined && { waitingMost }),
    });
    await run(log, folder);
    await log.close();
  });
  return told;
}

async function linesIn(folder: string): Promise<unknown[]> {
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line) as unknown);
}

it('writes what was recorded before it is closed', async () => {
  await onLog(async (log, folder) => {
    log.record(RECORD);
    await log.close();
    expect(await linesIn(folder)).toEqual([
      {
        time: '1970-01-01T00:00:00.000Z',
        requestId: 'r',
        caller: 'shop',
        callerUser: '<8>',
        operation: 'Home',
        type: 'query',
        document: 'ab',
        outcome: 'ok',
        codes: [],
        ms: 20.13,
        users: ['<8>'],
        userCount: 1,
      },
    ]);
  });
});

it('tells the phase of a subscription, and no user where the caller speaks for none', async () => {
  await onLog(async (log, folder) => {
    log.record({ ...RECORD, type: 'subscription', phase: 'ended', callerUser: null });
    await log.flush();
    expect(await linesIn(folder)).toMatchObject([{ type: 'subscription', phase: 'ended', callerUser: null }]);
  });
});

it('names the first hundred users of many, and says how many there are', async () => {
  await onLog(async (log, folder) => {
    log.record({ ...RECORD, users: new Set(Array.from({ length: 1_000 }, (_, at) => `u${at}`)) });
    await log.flush();
    const [line] = (await linesIn(folder)) as { users: string[]; userCount: number }[];
    expect([line!.users.length, line!.userCount]).toEqual([100, 1_000]);
  });
});

it('counts what the disk does not take, tells it once, and goes on when it can', async () => {
  const told = await onLog(async (log, folder) => {
    // A file where the folder should be: nothing can be written.
    await writeFile(folder, '');
    for (const requestId of ['lost-1', 'lost-2']) {
      log.record({ ...RECORD, requestId });
      await log.flush();
    }
    expect(log.lost).toBe(2);
    await rm(folder);
    log.record({ ...RECORD, requestId: 'kept' });
    await log.flush();
    expect(await linesIn(folder)).toMatchObject([{ requestId: 'kept' }]);
    await rm(folder, { recursive: true });
    await mkdir(folder);
  });
  expect(told).toMatchObject([
    { level: 50, msg: 'the audit log can’t be written', error: expect.stringContaining('EEXIST') as string },
    { level: 40, msg: 'the audit log is written again', lost: 2 },
  ]);
});

it('lets no more wait for the disk than it may: the rest is lost, counted, and told once', async () => {
  const told = await onLog(async (log, folder) => {
    for (let at = 0; at < 10; at++) log.record(RECORD);
    expect(log.lost).toBe(8);
    await log.flush();
    expect(await linesIn(folder)).toHaveLength(2);
  }, 300);
  expect(told).toMatchObject([
    { level: 50, msg: 'the audit log can’t be written', error: 'more than 300 characters wait for the disk' },
    { level: 40, msg: 'the audit log is written again', lost: 8 },
  ]);
});
