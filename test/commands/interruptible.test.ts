import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { endedBy, interruptible } from '../../src/commands/interruptible.js';
import { type Event } from '../../src/events/event.js';
import { logSource } from '../../src/events/event-source.js';
import { openLmdbLog } from '../../src/events/lmdb-log.js';
import { runCommand } from '../support/command.js';
import { openMemoryLog } from '../support/memory-log.js';
import { MAIN, withFolder } from '../support/server.js';
import { click } from '../support/state.js';
import { tasteEvents } from '../support/training-world.js';

const EVENTS = Array.from({ length: 5_000 }, (_, at): Event => click('u', `i${at}`, at));

describe('interruptible', () => {
  it('hands on the events of a log as they are, whatever the batches', async () => {
    const log = openMemoryLog();
    await log.append(EVENTS);
    const source = endedBy(new AbortController().signal, await logSource(log));
    const entries = [];
    for await (const batch of source.read(10)) entries.push(...batch);
    expect(entries).toEqual(await log.read(10, 5_000));
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends the reading of a log by %s, and leaves the next one to the system',
    async (name) => {
      const before = process.listenerCount(name);
      const log = openMemoryLog();
      await log.append(EVENTS);
      let read = 0;
      const reading = interruptible(async (signal) => {
        const source = endedBy(signal, await logSource(log));
        for await (const batch of source.read(0)) {
          read += batch.length;
          // A signal comes in a turn of the event loop.
          if (read < 1_000) setImmediate(() => process.emit(name, name));
        }
      });
      const message = `ended by ${name} before it was done`;
      await expect(reading).rejects.toMatchObject({ code: 'INTERRUPTED', message });
      expect(read).toBeLessThan(2_000);
      expect(process.listenerCount(name)).toBe(before);
    },
  );

  it('is listened for no longer than the work takes', async () => {
    const before = process.listenerCount('SIGTERM');
    expect(await interruptible(() => Promise.resolve(process.listenerCount('SIGTERM')))).toBe(before + 1);
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});

it('recograph train ended by a signal leaves its finished steps to the next one, and says so in a line', () =>
  withFolder(async (folder) => {
    const log = openLmdbLog({ folder: join(folder, 'log') });
    await log.append(tasteEvents(3_000));
    await log.close();
    const args = ['train', '--data', folder, '--queries', '2000', '--search-minutes', '0'];
    const trainings = join(folder, 'training');
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = once(child, 'close');
    const finished = async (): Promise<string[]> =>
      (await readdir(trainings, { recursive: true }).catch(() => [])).filter((file) => file.endsWith('weights.json'));
    while (child.exitCode === null && (await finished()).length === 0) await nextTurn();
    child.kill('SIGTERM');
    expect(await ended).toEqual([1, null]);
    expect(stderr).toBe('INTERRUPTED: ended by SIGTERM before it was done\n');
    expect(await finished()).toEqual([expect.stringContaining('.none.0.0.')]);
    expect((await runCommand('snapshots', 'list', '--data', folder)).stdout).toBe('no snapshots\n');
    expect((await runCommand(...args)).stdout).toMatch(/snapshot \S+ is LATEST: the first snapshot/);
    expect(await readdir(trainings)).toEqual([]);
  }));
