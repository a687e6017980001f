import { type ChildProcess, execFileSync, fork, spawnSync } from 'node:child_process';
import { on, once } from 'node:events';
import fs, { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import * as lmdb from 'lmdb';
import { Packr } from 'msgpackr';
import { LogFormatError } from '../../src/events/codec.js';
import { type InteractionEvent } from '../../src/events/event.js';
import { type LmdbLogOptions, openLmdbLog } from '../../src/events/lmdb-log.js';
import { LogUnavailableError } from '../../src/events/log.js';
import { openMemoryLog } from '../support/memory-log.js';
import { click, eventLogContract } from '../contracts/event-log.contract.js';

const folders = mkdtempSync(join(tmpdir(), 'lmdb-log-'));
let folderCount = 0;
const freshFolder = () => join(folders, `${++folderCount}`);
const freshLog = (options?: Omit<LmdbLogOptions, 'folder'>) => openLmdbLog({ folder: freshFolder(), ...options });

const REGISTER = require.resolve('../support/register-swc.cjs');
const APPEND_EVENTS = require.resolve('../support/append-events.ts');
const APPEND_UNTIL_FULL = require.resolve('../support/append-until-full.ts');

afterEach(() => jest.restoreAllMocks());
afterAll(() => rmSync(folders, { recursive: true }));

eventLogContract('lmdb', async (options) => freshLog(options));

describe('openLmdbLog', () => {
  it('creates its folder, whatever its name, and its parents', async () => {
    const folder = join(freshFolder(), 'parent', 'log.d');
    await openLmdbLog({ folder }).close();
    expect(fs.readdirSync(folder)).toContain('data.mdb');
  });

  it('goes on where the log stood when it was closed, ids included', async () => {
    const folder = freshFolder();
    const first = openLmdbLog({ folder });
    await first.append([click('a', 'x'), click('b')]);
    await first.close();
    const log = openLmdbLog({ folder });
    expect(log.last()).toBe(2);
    expect((await log.append([click('c', 'x'), click('d', 'y')])).positions).toEqual([null, 3]);
    await log.close();
  });

  it('takes a smaller window of duplicates at once when it is opened with one', async () => {
    const folder = freshFolder();
    const first = openLmdbLog({ folder });
    await first.append(Array.from({ length: 100 }, (_, i) => click('a', `${i}`)));
    await first.close();
    const log = openLmdbLog({ folder, duplicateWindow: 2 });
    expect((await log.append([click('a', '99'), click('a', '98'), click('a', '97')])).positions).toEqual([
      null,
      null,
      101,
    ]);
    await log.close();
  });

  it('keeps the logs of tenants in one folder apart', async () => {
    const folder = freshFolder();
    const [main, other] = [openLmdbLog({ folder }), openLmdbLog({ folder, tenant: 'other' })];
    await Promise.all([main.append([click('a', 'x')]), other.append([click('b', 'x'), click('c')])]);
    expect([main.last(), other.last()]).toEqual([1, 2]);
    expect(await other.get([1])).toEqual([click('b', 'x')]);
    await Promise.all([main.close(), other.close()]);
  });

  it('reads along what another writes when it is opened for reading, and writes nothing', async () => {
    const folder = freshFolder();
    const writer = openLmdbLog({ folder });
    const reader = openLmdbLog({ folder, readOnly: true });
    await writer.append([click('a')]);
    expect(await reader.read(0, 10)).toEqual([{ position: 1, event: click('a') }]);
    const refusal = new LogUnavailableError('the event log was opened for reading only');
    await expect(reader.append([click('b')])).rejects.toThrow(refusal);
    await expect(reader.pseudonymise('u', 'p', { upTo: 1, includeForgets: true, sessionSalt: 'salt' })).rejects.toThrow(
      refusal,
    );
    await Promise.all([writer.close(), reader.close()]);
  });

  it('does not open a log for reading that is not there, and leaves nothing behind', async () => {
    const folder = freshFolder();
    expect(() => openLmdbLog({ folder, readOnly: true })).toThrow(`${folder} does not exist`);
    expect(existsSync(folder)).toBe(false);
    await openLmdbLog({ folder }).close();
    expect(() => openLmdbLog({ folder, readOnly: true, tenant: 'other' })).toThrow(
      `the event log is unavailable: ${folder} holds no log of tenant "other"`,
    );
  });

  it('refuses a network share before it opens or creates anything', () => {
    const folder = freshFolder();
    jest.spyOn(fs, 'statfsSync').mockReturnValue({ type: 0xff534d42 } as never);
    const open = jest.spyOn(lmdb, 'open');
    const refusal = expect.objectContaining({ code: 'NETWORK_SHARE', path: folder, fileSystem: 'CIFS' });
    expect(() => openLmdbLog({ folder })).toThrow(refusal);
    expect(open).not.toHaveBeenCalled();
    expect(existsSync(folder)).toBe(false);
  });

  it.each([
    ['text', Buffer.from('not a database'.repeat(1_000)), 'is damaged, or not of lmdb'],
    ['a few bytes', Buffer.from('x'), 'is damaged, or not of lmdb'],
    [
      'another version',
      Buffer.from(new Uint32Array([0, 0, 0, 0, 0, 0, 0xbeefc0de, 1]).buffer),
      'data version 1, expected 2',
    ],
  ])('refuses a data file of %s, on which lmdb would crash', (_, bytes, message) => {
    const folder = freshFolder();
    fs.mkdirSync(folder);
    fs.writeFileSync(join(folder, 'data.mdb'), bytes);
    const refusal = expect.objectContaining({ name: 'LogUnavailableError', cause: expect.any(Error) });
    expect(() => openLmdbLog({ folder })).toThrow(refusal);
    expect(() => openLmdbLog({ folder })).toThrow(message);
  });

  it('names the cause when the folder is a file', () => {
    const folder = freshFolder();
    fs.writeFileSync(folder, 'x');
    const refusal = expect.objectContaining({
      name: 'LogUnavailableError',
      cause: expect.objectContaining({ code: 'ENOTDIR' }),
    });
    expect(() => openLmdbLog({ folder })).toThrow(refusal);
  });
});

describe('durability', () => {
  it('asks lmdb to write every commit to disk before it is visible', async () => {
    const open = jest.spyOn(lmdb, 'open');
    await freshLog().close();
    const options = open.mock.calls[0]![1 as never] as Record<string, unknown>;
    expect(options).toMatchObject({ overlappingSync: false });
    for (const unsafe of ['noSync', 'noMetaSync', 'mapAsync', 'useWritemap']) expect(options[unsafe]).toBeFalsy();
  });

  it('acknowledges an append only when lmdb says that it is flushed', async () => {
    const open = jest.spyOn(lmdb, 'open');
    const log = freshLog();
    const flush = heldFlush();
    Object.defineProperty(open.mock.results[0]!.value, 'flushed', { value: flush.promise });
    let acknowledged = false;
    const append = log.append([click('a')]).then(() => (acknowledged = true));
    await delay(300);
    expect(log.last()).toBe(1); // committed long since
    expect(acknowledged).toBe(false);
    flush.release();
    await append;
    await log.close();
  });

  it('refuses an append when the disk is full, and keeps what it acknowledged, no more and no less', async () => {
    const folder = freshFolder();
    const limited = 'ulimit -f 4096; exec "$0" --require "$1" "$2" "$3"'; // 2 or 4 MB
    const args = ['-c', limited, process.execPath, REGISTER, APPEND_UNTIL_FULL, folder];
    const { stdout, stderr } = spawnSync('sh', args, { encoding: 'utf8' });
    const told = stdout && (JSON.parse(stdout) as { acknowledged: number; last: number });
    if (!told) throw new Error(stderr);
    expect(told).toMatchObject({
      first: 'LogUnavailableError',
      second: 'LogUnavailableError',
      last: told.acknowledged,
    });
    expect(told.acknowledged).toBeGreaterThan(100);
    const log = openLmdbLog({ folder });
    expect(log.last()).toBe(told.acknowledged);
    expect((await log.append([click('a')])).positions).toEqual([told.acknowledged + 1]);
    await log.close();
  });

  it('lets an event that can not be encoded fail alone', async () => {
    const log = freshLog();
    const good = log.append([click('a')]);
    const bad = log.append([click('b'), { kind: 'guess' } as never]);
    await expect(bad).rejects.toThrow('unknown kind of event: guess');
    expect((await good).positions).toEqual([1]);
    expect(log.last()).toBe(1);
    await log.close();
  });
});

describe('several processes', () => {
  const CLICKS = 2_000;

  it('append at the same time without a gap or a loss, and each sees what the others wrote', async () => {
    const folder = freshFolder();
    const names = ['ann', 'bob'];
    const appenders = await Promise.all(names.map((name) => startAppender(folder, name, CLICKS, 5)));
    const log = openLmdbLog({ folder });
    let last = 0;
    const ends = appenders.map(async (appender) => {
      const end = once(appender, 'exit');
      appender.send('go');
      for await (const [{ acknowledged }] of on(appender, 'message', { close: ['disconnect'] })) {
        if (!acknowledged) continue;
        expect(log.last()).toBeGreaterThanOrEqual(Math.max(last, ...acknowledged)); // what is acknowledged is visible
        last = log.last();
      }
      expect(await end).toEqual([0, null]);
    });
    await Promise.all(ends);

    const entries = await log.read(0, 10_000);
    expect(entries.map(({ position }) => position)).toEqual(Array.from({ length: 2 * CLICKS }, (_, i) => i + 1));
    for (const name of names) {
      const theirs = entries.map(({ event }) => event as InteractionEvent).filter(({ userId }) => userId === name);
      expect(theirs.map(({ itemId }) => Number(itemId))).toEqual(Array.from({ length: CLICKS }, (_, i) => i));
    }
    const switches = entries.filter(({ event }, i) => i > 0 && userOf(event) !== userOf(entries[i - 1]!.event));
    expect(switches.length).toBeGreaterThan(10); // else they did not run at the same time, and nothing is shown
    await log.close();
  });

  it('know the ids that the others appended', async () => {
    const folder = freshFolder();
    const log = openLmdbLog({ folder });
    const anns = (id: string): InteractionEvent => ({ ...click('a', id), userId: 'ann' });
    await log.append([anns('ann-0')]);
    runAppender(folder, 'ann', 3);
    expect(log.last()).toBe(3);
    expect((await log.append([anns('ann-2'), anns('ann-3')])).positions).toEqual([null, 4]);
    await log.close();
  });

  it('see the commit of another within the same turn of the event loop', async () => {
    const folder = freshFolder();
    const log = openLmdbLog({ folder });
    await log.append([click('a')]);
    expect(log.last()).toBe(1);
    runAppender(folder, 'ann', 7);
    expect(log.last()).toBe(8);
    const [entries, events] = [log.read(1, 100), log.get([8])]; // both read before they return
    runAppender(folder, 'bob', 1);
    expect((await entries).length).toBe(7);
    expect(await events).toMatchObject([{ userId: 'ann', itemId: '6' }]);
    expect(log.last()).toBe(9);
    await log.close();
  });

  it('lose nothing that was acknowledged when one is killed, and go on appending', async () => {
    const folder = freshFolder();
    const appender = await startAppender(folder, 'ann', 1_000_000, 10);
    const exit = once(appender, 'exit');
    const acknowledged: number[] = [];
    appender.on('message', (message: { acknowledged: number[] }) => {
      acknowledged.push(...message.acknowledged);
      if (acknowledged.length >= 500) appender.kill('SIGKILL');
    });
    appender.send('go');
    await exit;
    const log = openLmdbLog({ folder });
    const last = log.last();
    expect(last % 10).toBe(0);
    expect(last).toBeGreaterThanOrEqual(acknowledged.length);
    expect((await log.read(0, last)).map(({ event }) => (event as InteractionEvent).itemId)).toEqual(
      Array.from({ length: last }, (_, i) => `${i}`),
    );
    expect((await log.append([click('a')])).positions).toEqual([last + 1]);
    await log.close();
  });
});

describe('entries on disk', () => {
  it('hold nothing of the id of an erased user, her sessions and her lists', async () => {
    const folder = freshFolder();
    const log = openLmdbLog({ folder });
    const secrets = ['ann@example.org', 'session-of-ann', 'list-of-ann', 'click-of-ann', 'Ann Smith'];
    const [userId, sessionId, recommendationId, id, name] = secrets as [string, string, string, string, string];
    for (let i = 0; i < 5_000; i += 1_000) {
      await log.append([
        ...Array.from({ length: 996 }, (_, j) => ({ ...click(`${j}`), userId: `bob-${j}` })),
        { ...click('a', `${id}-${i}`), userId, sessionId, recommendationId, rank: 1 },
        { kind: 'profile', userId, attributes: { name }, context: { region: name }, at: 1 },
        { kind: 'merge', fromUserId: userId, intoUserId: 'bob', at: 2 },
        { kind: 'forget', userId, at: 3 },
      ]);
    }
    expect(rawEntries(folder).filter((bytes) => secrets.some((secret) => bytes.includes(secret)))).toHaveLength(20);
    expect(await log.pseudonymise(userId, 'p', { upTo: 5_000, includeForgets: true, sessionSalt: 'salt' })).toBe(20);
    expect(rawEntries(folder)).toHaveLength(5_000);
    for (const secret of secrets) expect(rawEntries(folder).filter((bytes) => bytes.includes(secret))).toEqual([]);
    expect((await log.append([{ ...click('a', `${id}-0`), userId }])).positions).toEqual([null]);
    await log.close();
  });

  it('stop a reader that does not know their version, and only that reader', async () => {
    const folder = freshFolder();
    const log = openLmdbLog({ folder });
    await log.append([click('a')]);
    const root = lmdb.open(folder, { noSubdir: false, overlappingSync: false });
    await root.openDB('main/entries', { encoding: 'binary' }).put(2, new Packr().pack([9, 'main', 0]));
    await root.close();
    const refusal = new LogFormatError('entry has format version 9, expected 1');
    await expect(log.read(0, 2)).rejects.toThrow(refusal);
    await expect(log.get([2])).rejects.toThrow(refusal);
    expect(await log.read(0, 1)).toHaveLength(1);
    for (let i = 3; i < 200; i++) expect((await log.append([click('b')])).positions).toEqual([i]);
    const { size } = fs.statSync(join(folder, 'data.mdb')); // 3 MB if the failed read still held its view of the pages
    expect(size).toBeLessThan(200_000);
    await log.close();
  });
});

describe('memory and lmdb', () => {
  it('hold the same entries after any appends with ids that come again', async () => {
    const id = fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined, freq: 4 });
    const appends = fc.array(fc.array(id, { maxLength: 8 }), { maxLength: 12 });
    const window = fc.integer({ min: 0, max: 12 });
    await fc.assert(
      fc.asyncProperty(appends, window, async (batches, duplicateWindow) => {
        const [memory, disk] = [openMemoryLog({ duplicateWindow }), freshLog({ duplicateWindow })];
        for (const [b, ids] of batches.entries()) {
          const events = ids.map((given, i) => click(`${b}-${i}`, given?.toString()));
          expect(await disk.append(events)).toEqual(await memory.append(events));
        }
        expect(await disk.read(0, 1_000)).toEqual(await memory.read(0, 1_000));
        await disk.close();
      }),
      { numRuns: 60 },
    );
  });
});

const userOf = (event: object) => (event as InteractionEvent).userId;

/** A process that is ready to append; any message starts it. */
async function startAppender(folder: string, name: string, count: number, batch: number): Promise<ChildProcess> {
  const args = [folder, name, `${count}`, `${batch}`];
  const appender = fork(APPEND_EVENTS, args, { execArgv: ['--require', REGISTER] });
  await once(appender, 'message');
  return appender;
}

/** Appends in another process while this one stands still. */
function runAppender(folder: string, name: string, count: number): void {
  const script = `process.nextTick(() => process.emit('message')); require(process.argv[1])`;
  const args = ['--require', REGISTER, '-e', script, APPEND_EVENTS, folder, name, `${count}`, `${count}`];
  execFileSync(process.execPath, args, { stdio: 'inherit' });
}

function rawEntries(folder: string): Buffer[] {
  const root = lmdb.open(folder, { noSubdir: false, overlappingSync: false, readOnly: true });
  const entries = root.openDB<Buffer, number>('main/entries', { encoding: 'binary' });
  const raw = [...entries.getRange().map(({ value }) => value)];
  void root.close();
  return raw;
}

/** A flush that takes until it is released. */
function heldFlush(): { readonly promise: Promise<boolean>; readonly release: () => void } {
  let release = () => {};
  const promise = new Promise<boolean>((resolve) => (release = () => resolve(true)));
  return { promise, release: () => release() };
}
