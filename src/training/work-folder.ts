/**
 * What a training has finished, in a folder of its own: one that was interrupted goes on from there, if it is about the
 * same events with the same options. The folder's name says whose it is, so taking over one that was left is one rename,
 * and two trainings at once never share one.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { replaceFile } from '../disk/durable-file.js';
import { MACHINE_MARK } from '../disk/machine-mark.js';
import { isRunning, processMark } from '../disk/process-mark.js';

/** A training touches its folder so often, for those who can't ask whether its process runs. */
const SIGN_OF_LIFE_MS = 60_000;
/** One of another machine that has given none for so long has ended. */
const SILENT_MS = 15 * SIGN_OF_LIFE_MS;

export class WorkFolder {
  private readonly alive: NodeJS.Timeout;

  private constructor(private path: string) {
    this.alive = setInterval(() => void touch(this.path), SIGN_OF_LIFE_MS);
    this.alive.unref();
  }

  /** A folder for this work within `parent`, with what was finished of it; what others left unfinished is removed. */
  static async open(parent: string, key: object): Promise<WorkFolder> {
    const work = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 32);
    const { pid, began } = processMark();
    const path = join(parent, `${work}.${MACHINE_MARK}.${pid}.${began}.${randomUUID()}`);
    await mkdir(parent, { recursive: true });
    let found = false;
    for (const left of await leftIn(parent)) {
      // Whoever renames it first has it.
      if (!found && basename(left).startsWith(`${work}.`)) found = await moved(left, path);
      else await discard(left);
    }
    if (found) await touch(path);
    else await mkdir(path);
    return new WorkFolder(path);
  }

  /** Removes what no running training owns. */
  static async removeLeft(parent: string): Promise<void> {
    for (const left of await leftIn(parent)) await discard(left);
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
    clearInterval(this.alive);
    const [work] = basename(this.path).split('.');
    const left = join(dirname(this.path), `${work}.${NOBODY}.${randomUUID()}`);
    await rename(this.path, left);
    this.path = left;
  }

  async remove(): Promise<void> {
    clearInterval(this.alive);
    await rm(this.path, { recursive: true, force: true });
  }
}

/** In place of machine and process, where there is none any more. */
const NOBODY = 'none.0.0';

/** Paths of folders that no running training owns. */
async function leftIn(parent: string): Promise<readonly string[]> {
  const names = await readdir(parent).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const left: string[] = [];
  for (const name of names) if (!(await isOwned(join(parent, name)))) left.push(join(parent, name));
  return left;
}

/** Whether the training that the folder is named after runs, or may run on another machine. */
async function isOwned(path: string): Promise<boolean> {
  const [, machine, pid, began] = basename(path).split('.');
  if (began === undefined || !(Number(pid) > 0)) return false;
  if (machine === MACHINE_MARK) return isRunning({ pid: Number(pid), began });
  const found = await stat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs <= SILENT_MS;
}

async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined); // it may be on its way to another name
}

/** Renamed first, so that nobody takes it over half removed. */
async function discard(path: string): Promise<void> {
  const gone = join(dirname(path), `removed.${NOBODY}.${randomUUID()}`);
  if (await moved(path, gone)) await rm(gone, { recursive: true, force: true });
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
