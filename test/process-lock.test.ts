import { spawnSync } from 'node:child_process';
import { open } from 'lmdb';
import { exclusively, LockHeldError } from '../src/process-lock.js';
import { isRunning, type ProcessMark, processMark } from '../src/disk/process-mark.js';
import { withFolder } from './support/server.js';

describe('exclusively', () => {
  it('refuses a second holder of the same name, and lets another name and a later holder in', async () => {
    await withFolder(async (folder) => {
      const lock = { folder, name: 'import/a' };
      const run = (): Promise<string> => Promise.resolve('done');
      await exclusively(lock, async () => {
        await expect(exclusively(lock, run)).rejects.toThrow(LockHeldError);
        await expect(exclusively(lock, run)).rejects.toThrow(`process ${process.pid} holds the lock "import/a"`);
        expect(await exclusively({ folder, name: 'import/b' }, run)).toBe('done');
      });
      await expect(exclusively(lock, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
      expect(await exclusively(lock, run)).toBe('done');
    });
  });

  it('takes the lock of a process that has ended, even where its id is given again', async () => {
    await withFolder(async (folder) => {
      const ended: ProcessMark = { ...processMark(), pid: spawnSync(process.execPath, ['-e', '']).pid };
      for (const mark of [ended, { ...processMark(), began: 'at another time' }]) {
        expect(isRunning(mark)).toBe(false);
        const holders = open<ProcessMark, string>({ path: folder });
        holders.putSync('import/a', mark);
        await holders.close();
        expect(await exclusively({ folder, name: 'import/a' }, () => Promise.resolve('done'))).toBe('done');
      }
    });
  });
});
