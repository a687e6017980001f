/**
 * The files of an audit log: `audit-TIME-PROCESS-NUMBER.jsonl`, each of one process and one UTC day, appended to and never renamed,
 * so that several processes share a folder. The oldest go by age and by number.
 */
import { appendFile, mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isTaken } from '../disk/process-mark.js';

export interface AuditFilesParts {
  readonly folder: string;
  readonly rotateBytes: number;
  readonly keepDays: number;
  readonly keepFiles: number;
  /** Wall clock, ms. */
  readonly clock: () => number;
}

const DAY_MS = 86_400_000;
const NAME = /^audit-(\d{4}-\d\d-\d\d)T[\d-]+Z-(\d+)-\d+\.jsonl$/;

export class AuditFiles {
  private file: { readonly name: string; readonly day: string; bytes: number } | null = null;
  private made = 0;

  constructor(private readonly parts: AuditFilesParts) {}

  /** Appends whole lines. One call at a time. @throws where the disk takes nothing; the next call begins another file */
  async append(lines: string): Promise<void> {
    const now = new Date(this.parts.clock()).toISOString();
    const day = now.slice(0, 10);
    if (this.file === null || this.file.day !== day || this.file.bytes >= this.parts.rotateBytes) {
      await mkdir(this.parts.folder, { recursive: true, mode: 0o700 });
      const name = `audit-${now.replace(/[:.]/g, '-')}-${process.pid}-${this.made++}.jsonl`;
      this.file = { name, day, bytes: 0 };
      await this.sweep();
    }
    const { file } = this;
    try {
      await appendFile(join(this.parts.folder, file.name), lines, { mode: 0o600 });
      file.bytes += Buffer.byteLength(lines);
    } catch (error) {
      // It may end within a line.
      this.file = null;
      throw error;
    }
  }

  /** Deletes what is too old or too many; files in use stay: the own one, and the newest of each other process that lives. */
  async sweep(): Promise<void> {
    const { folder, keepDays, keepFiles, clock } = this.parts;
    const firstDay = new Date(clock() - keepDays * DAY_MS).toISOString().slice(0, 10);
    const names = (await readdir(folder)).filter((name) => NAME.test(name) && name !== this.file?.name).sort();
    const tooMany = names.length - (keepFiles - 1);
    const used = usedByOthers(names);
    const going = names
      .filter((name) => !used.has(name))
      .filter((name, at) => at < tooMany || NAME.exec(name)![1]! < firstDay);
    for (const name of going) {
      // Another process of the folder may have been quicker.
      await unlink(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    }
  }
}

/** @param names in order of time */
function usedByOthers(names: readonly string[]): ReadonlySet<string> {
  const newest = new Map(names.map((name) => [Number(NAME.exec(name)![2]), name]));
  newest.delete(process.pid);
  return new Set([...newest].filter(([id]) => isTaken(id)).map(([, name]) => name));
}
