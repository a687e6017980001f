/**
 * What LATEST is, as a chain of small files numbered 1, 2, 3, ...: the last one holds. A change is a new file with the
 * next number, complete before it gets its name (`link`, which fails where the name exists), so that of several changes
 * to the same head one wins, in whatever processes they are made. There is no lock that a killed process could leave.
 * Number 0 says that nothing is LATEST yet: so a chain without any file is one that was lost, or not begun.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { flush, writeDurable } from '../disk/durable-file.js';
import { decodeHead, EMPTY_HEAD, encodeHead, type Head, type HeadChange, type SnapshotHead } from './snapshot-head.js';
import { SnapshotError } from './snapshot-error.js';

const NAME = /^\d{12}\.json$/;
const KEPT = 10;
/**
 * Younger files are never removed: one who read a head must not find the next number free again. So a change may take
 * this long at most.
 */
const KEPT_MS = 3_600_000;

export class HeadChain implements SnapshotHead {
  constructor(private readonly folder: string) {}

  async read(): Promise<Head | null> {
    const { head, damaged } = await this.newest();
    if (damaged) throw new SnapshotError('SNAPSHOT_CORRUPT', `every file in ${this.folder} is damaged`);
    return head;
  }

  async begin(): Promise<void> {
    if ((await this.numbered()).length === 0) await this.add(0, EMPTY_HEAD);
  }

  async change(update: HeadChange): Promise<Head | null> {
    for (;;) {
      const { number, head } = await this.newest();
      const next = await update(head);
      if (next === null) return null;
      if (await this.add(number + 1, next)) return next;
    }
  }

  /** Removes heads that hold no more, and what killed changes left. */
  async tidy(): Promise<void> {
    const files = (await this.files()).toSorted().reverse();
    const kept = new Set(files.filter((file) => NAME.test(file)).slice(0, KEPT));
    for (const file of files) {
      const path = join(this.folder, file);
      if (kept.has(file)) continue;
      const found = await stat(path).catch(() => null);
      if (found !== null && Date.now() - found.mtimeMs > KEPT_MS) await rm(path, { force: true });
    }
  }

  /** The newest whole head, and the greatest number of all: a damaged file, which no kill leaves, is passed over. */
  private async newest(): Promise<{ number: number; head: Head | null; damaged: boolean }> {
    const names = await this.numbered();
    const number = names.length === 0 ? 0 : parseInt(names[0]!);
    for (const name of names) {
      // The way back from a damaged head ends before the begin: something was LATEST since.
      if (parseInt(name) === 0 && names.length > 1) break;
      const head = decodeHead(await readFile(join(this.folder, name), 'utf8').catch(orWithout('')));
      if (head !== null) return { number, head, damaged: false };
    }
    return { number, head: null, damaged: names.length > 0 };
  }

  private async add(number: number, head: Head): Promise<boolean> {
    await mkdir(this.folder, { recursive: true });
    const beside = join(this.folder, `${randomUUID()}.tmp`);
    try {
      await writeDurable(beside, Buffer.from(encodeHead(head)));
      await link(beside, join(this.folder, `${String(number).padStart(12, '0')}.json`));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(beside, { force: true });
    }
    await flush(this.folder);
    return true;
  }

  /** Newest first. */
  private async numbered(): Promise<string[]> {
    return (await this.files())
      .filter((file) => NAME.test(file))
      .toSorted()
      .reverse();
  }

  private async files(): Promise<string[]> {
    return readdir(this.folder).catch(orWithout<string[]>([]));
  }
}

/** Takes the place of what isn't there; any other error stays one. */
function orWithout<T>(otherwise: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return otherwise;
    throw error;
  };
}
