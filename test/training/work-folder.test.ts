import { spawnSync } from 'node:child_process';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MACHINE_MARK } from '../../src/disk/machine-mark.js';
import { WorkFolder } from '../../src/training/work-folder.js';
import { withFolder } from '../support/server.js';

const ENDED = spawnSync(process.execPath, ['-e', '']).pid;

/** A folder with the name that a training of this work would have given it; of a process that has ended where none is given. */
async function abandon(parent: string, { machine = MACHINE_MARK, pid = ENDED } = {}): Promise<string> {
  const [name] = await readdir(parent);
  const [work] = name!.split('.');
  const left = join(parent, `${work}.${machine}.${pid}.1.left`);
  await mkdir(left);
  await writeFile(join(left, 'stage.json'), '"from before"');
  return left;
}

const never = (): Promise<string> => Promise.reject(new Error('it was done before'));

describe('WorkFolder', () => {
  it('does a stage once', () =>
    withFolder(async (folder) => {
      const work = await WorkFolder.open(folder, { a: 1 });
      expect(await work.once('stage', () => Promise.resolve({ found: 1 }))).toEqual({ found: 1 });
      expect(await work.once('stage', never)).toEqual({ found: 1 });
    }));

  it('does a stage again that failed', () =>
    withFolder(async (folder) => {
      const work = await WorkFolder.open(folder, { a: 1 });
      await expect(work.once('stage', never)).rejects.toThrow('it was done before');
      expect(await work.once('stage', () => Promise.resolve(2))).toBe(2);
    }));

  it('goes on where a training of the same work has ended', () =>
    withFolder(async (folder) => {
      const first = await WorkFolder.open(folder, { a: 1 });
      await abandon(folder);
      await first.remove();
      const work = await WorkFolder.open(folder, { a: 1 });
      expect(await work.once('stage', never)).toBe('from before');
      expect(await readdir(folder)).toHaveLength(1);
    }));

  it('removes what is left of other work, and nothing of a training that runs', () =>
    withFolder(async (folder) => {
      const running = await WorkFolder.open(folder, { a: 1 });
      await running.once('stage', () => Promise.resolve('mine'));
      await abandon(folder);
      const other = await WorkFolder.open(folder, { a: 2 });
      expect(await other.once('stage', () => Promise.resolve('another'))).toBe('another');
      expect(await readdir(folder)).toHaveLength(2);
      expect(await running.once('stage', never)).toBe('mine');
    }));

  it('goes by signs of life where the machine is another, for there the process’s id may be anybody’s', () =>
    withFolder(async (folder) => {
      const first = await WorkFolder.open(folder, { a: 1 });
      const foreign = await abandon(folder, { machine: '00000000', pid: process.pid });
      await first.remove();
      const beside = await WorkFolder.open(folder, { a: 1 });
      expect(await beside.once('stage', () => Promise.resolve('anew'))).toBe('anew');
      await beside.remove();
      const hourAgo = new Date(Date.now() - 3_600_000);
      await utimes(foreign, hourAgo, hourAgo);
      const work = await WorkFolder.open(folder, { a: 1 });
      expect(await work.once('stage', never)).toBe('from before');
    }));

  it('removes on demand what is left of any work, and nothing of a training that runs', () =>
    withFolder(async (folder) => {
      await WorkFolder.removeLeft(join(folder, 'none yet'));
      const running = await WorkFolder.open(folder, { a: 1 });
      await running.once('stage', () => Promise.resolve('mine'));
      await abandon(folder);
      await (await WorkFolder.open(folder, { a: 2 })).release();
      await WorkFolder.removeLeft(folder);
      expect(await readdir(folder)).toHaveLength(1);
      expect(await running.once('stage', never)).toBe('mine');
    }));

  it('goes on where a training of the same process gave up', () =>
    withFolder(async (folder) => {
      const first = await WorkFolder.open(folder, { a: 1 });
      await first.once('stage', () => Promise.resolve('from before'));
      await first.release();
      const work = await WorkFolder.open(folder, { a: 1 });
      expect(await work.once('stage', never)).toBe('from before');
    }));

  it('gives two trainings of the same work at once a folder each', () =>
    withFolder(async (folder) => {
      const [one, other] = await Promise.all([WorkFolder.open(folder, { a: 1 }), WorkFolder.open(folder, { a: 1 })]);
      await one.once('stage', () => Promise.resolve('one'));
      expect(await other.once('stage', () => Promise.resolve('other'))).toBe('other');
      await one.remove();
      expect(await other.once('stage', never)).toBe('other');
    }));
});
