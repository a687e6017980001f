/**
 * Notes of erasures as files `PSEUDONYM.json`, for the processes of one machine. Each is written beside, flushed and moved into
 * place, so that a crash leaves the old note or the new one whole.
 */
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DRAFT, replaceFile } from './disk/durable-file.js';
import { isRunning, processMark } from './disk/process-mark.js';
import { DamagedNoteError, type ErasureNote, type ErasureNotes, parseNote } from './erasure-note.js';

const NOTE = '.json';

export class FolderErasureNotes implements ErasureNotes {
  /** @param draftsKeptMs after which drafts that a crash left behind go: they hold the id, and a note in place says the same or more */
  constructor(
    private readonly folder: string,
    private readonly draftsKeptMs: number,
    private readonly now: () => number,
  ) {}

  async write(note: ErasureNote): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await replaceFile(this.pathOf(note.pseudonym), JSON.stringify(note));
  }

  async names(): Promise<readonly string[]> {
    const files = await readdir(this.folder).catch((): string[] => []);
    for (const file of files.filter((one) => one.endsWith(DRAFT))) await this.dropStale(join(this.folder, file));
    return files.filter((file) => file.endsWith(NOTE)).map((file) => file.slice(0, -NOTE.length));
  }

  async read(name: string): Promise<ErasureNote | null> {
    const path = this.pathOf(name);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
    const note = parseNote(text);
    if (note === null) throw new DamagedNoteError(path);
    return note;
  }

  remove(pseudonym: string): Promise<void> {
    return rm(this.pathOf(pseudonym), { force: true });
  }

  claim({ owner }: ErasureNote): Promise<boolean> {
    return Promise.resolve(owner.pid === processMark().pid || !isRunning(owner));
  }

  /** As long as it runs the note names it. */
  hold(): () => void {
    return () => undefined;
  }

  private pathOf(name: string): string {
    return join(this.folder, `${name}${NOTE}`);
  }

  private async dropStale(path: string): Promise<void> {
    const found = await stat(path).catch(() => null);
    if (found !== null && found.mtimeMs < this.now() - this.draftsKeptMs) await rm(path, { force: true });
  }
}
