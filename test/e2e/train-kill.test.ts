/**
 * `kill -9` at random moments of a training: what readers take is the snapshot that was in use or a complete new one, and the
 * next training works. 4 kills by default; KILLS=30 for the long run.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { FilesSnapshotStore } from '../../src/artifacts/files-snapshot-store.js';
import { snapshotOf } from '../../src/engine/snapshot-files.js';
import { seededRandom } from '../../src/math/random.js';
import { runCommand } from '../support/command.js';
import { MAIN, withFolder } from '../support/server.js';
import { tasteEvents } from '../support/training-world.js';

const KILLS = Number(process.env['KILLS'] ?? 4);

jest.setTimeout(KILLS * 15_000 + 60_000);

it(`has a whole snapshot in use through ${KILLS} kills of a training at random moments`, () =>
  withFolder(async (folder) => {
    const clicks = join(folder, 'clicks.csv');
    const rows = tasteEvents(1_500).map(({ userId, itemId, at, sessionId }) => [userId, itemId, at, sessionId].join());
    await writeFile(clicks, `user_id,item_id,timestamp,session_id\n${rows.join('\n')}\n`);
    const snapshots = join(folder, 'snapshots');
    const data = ['--clicks', clicks, '--format', 'csv', '--snapshots', snapshots, '--data', join(folder, 'data')];
    const args = ['train', ...data, '--queries', '200', '--search-minutes', '0'];
    const store = new FilesSnapshotStore(snapshots);
    const random = seededRandom(20261124);
    // Half of the data, so that a later training has something to be better at.
    expect(await runCommand(...args, '--to', '2026-01-06T00:00:00Z')).toMatchObject({ code: 0 });
    const started = performance.now();
    expect(await runCommand(...args, '--to', '2026-01-06T00:00:00Z')).toMatchObject({ code: 0 });
    const wholeMs = performance.now() - started;
    let before = await store.current();
    let killed = 0;
    for (let round = 0; round < KILLS; round++) {
      const child = spawn(process.execPath, [MAIN, ...args], { stdio: 'ignore' });
      const ended = once(child, 'exit');
      await delay(random.below(Math.ceil(wholeMs)));
      child.kill('SIGKILL');
      const [, signal] = (await ended) as [number | null, string | null];
      if (signal === 'SIGKILL') killed++;
      const current = await store.current();
      const { manifest, ...snapshot } = await store.read(current!);
      expect(snapshotOf({ manifest, ...snapshot }).id).toBe(current);
      expect(manifest.gate.accepted).toBe(true);
      if (current !== before) expect(current! > before!).toBe(true);
      expect((await store.list()).filter(({ problem }) => problem !== null)).toEqual([]);
      before = current;
    }
    expect(killed).toBeGreaterThan(0);
    expect(await runCommand(...args)).toMatchObject({ code: 0 });
    expect((await store.read((await store.current())!)).manifest.gate.accepted).toBe(true);
  }));
