import { mkdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { FilesSnapshotStore } from '../../src/artifacts/files-snapshot-store.js';
import { type CommandResult, runCommand } from '../support/command.js';
import { withFolder } from '../support/server.js';
import { draft } from '../support/snapshots.js';

/** Runs with the snapshots of a data folder, three that were LATEST in their turn, and the command over them. */
function withThree(
  run: (ids: string[], command: (...args: string[]) => Promise<CommandResult>, folder: string) => Promise<void>,
): Promise<void> {
  return withFolder(async (folder) => {
    const store = new FilesSnapshotStore(join(folder, 'snapshots'));
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) {
      ids.push((await store.publish(draft(n))).id);
      await store.moveLatest(ids.at(-2) ?? null, ids.at(-1)!);
    }
    await run(ids, (...args) => runCommand('snapshots', ...args, '--data', folder), folder);
  });
}
const json = ({ stdout }: CommandResult): Record<string, unknown> => JSON.parse(stdout) as Record<string, unknown>;

describe('recograph snapshots', () => {
  it('lists them newest first, with what each is and what is wrong with it', () =>
    withThree(async ([first, second, third], command, folder) => {
      await truncate(join(folder, 'snapshots/main', first!, 'factors.bin'), 1);
      await command('pin', second!);
      const { code, stdout } = await command('list');
      expect(code).toBe(0);
      expect(stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, ' | '))).toEqual([
        'id | is | data until | gate | MB | metrics',
        `${third} | LATEST | 2017-10-14T06:00:00.000Z | accepted | 3.0 | hr 0.625, ndcg 0.3333`,
        `${second} | pinned, earlier | 2017-10-14T06:00:00.000Z | accepted | 3.0 | hr 0.625, ndcg 0.3333`,
        `${first} | earlier | SNAPSHOT_CORRUPT: snapshot ${first} has 1 bytes in factors.bin, expected 12`,
        '',
      ]);
      const problem = { code: 'SNAPSHOT_CORRUPT', message: expect.stringContaining('has 1 bytes in factors.bin') };
      expect(json(await command('list', '--json'))).toMatchObject({
        current: second,
        snapshots: [
          { id: third, latest: true, pinned: false, earlier: false, manifest: { id: third }, problem: null },
          { id: second, latest: false, pinned: true, earlier: true },
          { id: first, latest: false, manifest: null, problem },
        ],
      });
    }));

  it('lists them where LATEST was lost too, and says how to go on', () =>
    withThree(async ([, second], command, folder) => {
      await rm(join(folder, 'snapshots/main/LATEST'), { recursive: true });
      const { code, stdout } = await command('list');
      expect(code).toBe(0);
      expect(stdout).toContain(second);
      expect(stdout).toContain('LATEST among them is lost; `recograph snapshots pin ID` says which one to use\n');
      expect(json(await command('list', '--json'))).toMatchObject({
        current: null,
        problem: { code: 'SNAPSHOT_CORRUPT' },
      });
      await command('pin', second!);
      expect((await command('unpin')).stdout).toBe(`readers take ${second}\n`);
    }));

  it('shows one once every checksum matches', () =>
    withThree(async ([, second, third], command, folder) => {
      const { stdout } = await command('show', third!);
      expect(stdout).toContain(
        `snapshot ${third}: every checksum matches, current\ncreated 2017-10-14T06:02:00.000Z\n`,
      );
      expect(stdout).toContain('data from 2017-10-13T06:00:00.000Z until 2017-10-14T06:00:00.000Z\n');
      expect(stdout).toContain('gate accepted: better by 0.012 (0.004 to 0.020)\n');
      expect(stdout).toContain('parameters {"10":[null,"ten"],"factors":64,"weights":{"CLICK":1}}\n');
      expect(stdout).toMatch(/\nfile items\.txt: 3000000 bytes, SHA-256 [0-9a-f]{64}\n/);
      const shown = json(
        await runCommand('snapshots', 'show', second!, '--snapshots', join(folder, 'snapshots'), '--json'),
      );
      expect(shown).toMatchObject({ latest: false, current: false, manifest: { id: second, metrics: { hr: 0.625 } } });
    }));

  it('pins, unpins and rolls back, and says which one readers take', () =>
    withThree(async ([first, second, third], command) => {
      expect((await command('pin', first!)).stdout).toBe(
        `readers take ${first}, which is pinned; LATEST is ${third}\n`,
      );
      expect(json(await command('rollback', '--json'))).toEqual({ latest: second, pinned: first, current: first });
      expect((await command('unpin')).stdout).toBe(`readers take ${second}\n`);
      expect(json(await command('rollback', '--json'))).toEqual({ latest: first, pinned: null, current: first });
      const refused = await command('rollback');
      expect(refused).toEqual({
        code: 1,
        stdout: '',
        stderr: 'SNAPSHOT_NO_PREVIOUS: there is no earlier snapshot to roll back to\n',
      });
    }));

  it('names what is wrong with an id by a code', () =>
    withThree(async ([first], command, folder) => {
      const absent = '20171014T060000000Z-00000000';
      expect(await command('show', absent)).toEqual({
        code: 1,
        stdout: '',
        stderr: `SNAPSHOT_NOT_FOUND: there is no snapshot ${absent}\n`,
      });
      expect(await command('pin', '../..')).toMatchObject({
        code: 1,
        stderr: 'SNAPSHOT_BAD_ID: "../.." is not a snapshot id\n',
      });
      await truncate(join(folder, 'snapshots/main', first!, 'manifest.json'), 1);
      expect(await command('pin', first!)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^SNAPSHOT_CORRUPT: /),
      });
    }));

  it('says so where there are none', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'snapshots'));
      expect(await runCommand('snapshots', 'list', '--data', folder)).toEqual({
        code: 0,
        stdout: 'no snapshots\n',
        stderr: '',
      });
      expect((await runCommand('snapshots', 'unpin', '--data', folder)).stdout).toBe('there is no snapshot\n');
    }));
});
