/**
 * What a training has finished, in a folder of its own: one that was interrupted goes on from there, if it is about the
 * same events with the same options. The folder's name says whose it is, so taking over one that was left is one rename,
 * and two trainings at once never share one.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { replaceFile } from '../disk/durable-file.js';
import { isRunning, processMark } from '../disk/process-mark.js';

export class WorkFolder {
  private constructor(private path: string) {}

  /** A folder for this work within `parent`, with what was finished of it; what others left unfinished is removed. */
  static async open(parent: string, key: object): Promise<WorkFolder> {
    const work = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32);
    const { pid, began } = processMark();
    const path = join(parent, `${work}.${pid}.${began}.${randomUUID()}`);
    await mkdir(parent, { recursive: true });
    let found = false;
    for (const name of await readdir(parent)) {
      if (isOwned(name)) continue;
      // Whoever renames it first has it.
      if (!found && name.startsWith(`${work}.`)) found = await moved(join(parent, name), path);
      else await rm(join(parent, name), { recursive: true, force: true });
    }
    if (!found) await mkdir(path);
    return new WorkFolder(path);
  }

  /** What the stage gave, now or before it was interrupted; it must be plain data. */
  async once<Result>(stage: string, make: () => Promise<Result>): Promise<Result> {
    const file = join(this.path, `${stage}.json`);
    const known = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (known !== null) return JSON.parse(known) as Result;
    const result = await make();
    await replaceFile(file, JSON.stringify(result));
    return result;
  }

  /** Where a stage may put files of its own; they count as there only once the stage has given its result. */
  pathOf(name: string): string {
    return join(this.path, name);
  }

  /** Leaves what was finished to the next training of the same work. */
  async release(): Promise<void> {
    const [work] = basename(this.path).split('.');
    const left = join(dirname(this.path), `${work}.0.0.${randomUUID()}`);
    await rename(this.path, left);
    this.path = left;
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Whether the training that the folder is named after runs. */
function isOwned(name: string): boolean {
  const [, pid, began] = name.split('.');
  return Number(pid) > 0 && began !== undefined && isRunning({ pid: Number(pid), began });
}

async function moved(from: string, to: string): Promise<boolean> {
  return rename(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
