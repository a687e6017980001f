import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AuditFiles } from '../../src/audit/audit-files.js';
import { withFolder } from '../support/server.js';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 10, 12);
const LINE = `${'x'.repeat(99)}\n`;

/** Runs the test on files of a folder that does not exist yet, with a clock that it moves. */
async function onFiles(
  settings: { rotateBytes?: number; keepDays?: number; keepFiles?: number },
  run: (files: AuditFiles, folder: string, time: { now: number }) => Promise<void>,
): Promise<void> {
  await withFolder(async (parent) => {
    const folder = join(parent, 'audit');
    const time = { now: START };
    const all = { rotateBytes: 1_000, keepDays: 7, keepFiles: 10, ...settings };
    await run(new AuditFiles({ folder, ...all, clock: () => time.now }), folder, time);
  });
}
const namesIn = async (folder: string): Promise<string[]> => (await readdir(folder)).sort();

it('begins another file when one has grown beyond the size, and loses no line between them', async () => {
  await onFiles({ rotateBytes: 250 }, async (files, folder) => {
    for (let at = 0; at < 7; at++) await files.append(LINE);
    const texts = await Promise.all((await namesIn(folder)).map((name) => readFile(join(folder, name), 'utf8')));
    expect(texts.map(({ length }) => length)).toEqual([300, 300, 100]);
  });
});

it('begins another file with each UTC day', async () => {
  await onFiles({}, async (files, folder, time) => {
    await files.append(LINE);
    time.now += DAY;
    await files.append(LINE);
    expect((await namesIn(folder)).map((name) => name.slice(0, 16))).toEqual(['audit-2026-01-10', 'audit-2026-01-11']);
  });
});

it('keeps its files from other users of the machine', async () => {
  await onFiles({}, async (files, folder) => {
    await files.append(LINE);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(join(folder, (await namesIn(folder))[0]!))).mode & 0o777).toBe(0o600);
  });
});

it('deletes files of days longer ago, and nothing that is not its own', async () => {
  await onFiles({ keepDays: 2 }, async (files, folder, time) => {
    for (let day = 0; day < 5; day++) {
      await files.append(LINE);
      await writeFile(join(folder, 'notes.jsonl'), '');
      time.now += DAY;
    }
    expect((await namesIn(folder)).map((name) => name.slice(0, 16))).toEqual([
      'audit-2026-01-12',
      'audit-2026-01-13',
      'audit-2026-01-14',
      'notes.jsonl',
    ]);
    time.now += 3 * DAY;
    await files.sweep();
    // The one in use stays.
    expect(await namesIn(folder)).toHaveLength(2);
  });
});

it('keeps no more files than it may', async () => {
  await onFiles({ rotateBytes: 100, keepFiles: 3 }, async (files, folder, time) => {
    for (let at = 0; at < 6; at++) {
      time.now++;
      await files.append(LINE);
    }
    const times = (await namesIn(folder)).map((name) => name.slice(26, 29));
    expect(times).toEqual(['004', '005', '006']);
  });
});

it('keeps what another process may be writing, however old, until that has ended', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
  await onFiles({ keepDays: 2, keepFiles: 2 }, async (files, folder) => {
    const nameOf = (day: string, number: number): string => `audit-${day}T00-00-00-000Z-${other.pid}-${number}.jsonl`;
    const [done, inUse] = [nameOf('2025-01-01', 0), nameOf('2025-01-02', 1)];
    await mkdir(folder);
    for (const name of [done, inUse]) await writeFile(join(folder, name), LINE);
    await files.append(LINE);
    const left = await namesIn(folder);
    expect(left).toHaveLength(2);
    expect(left[0]).toBe(inUse);
    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await ended;
    await files.sweep();
    expect(await namesIn(folder)).toEqual([left[1]]);
  });
});
