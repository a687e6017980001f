/**
 * The note of an erasure: what is to be forgotten and how far that has come, as a file `PSEUDONYM.json`. It is written
 * beside, flushed and moved into place, so that a crash leaves the old note or the new one whole.
 */
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Position } from './events/log.js';
import { DRAFT, replaceFile } from './disk/durable-file.js';
import { type ProcessMark } from './disk/process-mark.js';
import { type MergedId } from './state/users.js';

export interface ErasureNote {
  readonly pseudonym: string;
  readonly sessionSalt: string;
  readonly userId: string;
  /** Ids that had been merged into the user, and up to where they were this person. */
  readonly merged: readonly MergedId[];
  /** When it was asked for, ms. */
  readonly at: number;
  /** Who carries it out. */
  readonly owner: ProcessMark;
  /** Position of the forget event; null until it is known to be in the log. */
  readonly position: Position | null;
  /** Whether nothing but the forget event knows the id any more. */
  readonly carriedOut: boolean;
}

/** A note that can't be read; the message names the file and says what to do. */
export class DamagedNoteError extends Error {
  override readonly name = 'DamagedNoteError';
  readonly code = 'ERASURE_NOTE_DAMAGED';
}

export function isNoteFile(file: string): boolean {
  return file.endsWith('.json');
}

/** Writes the note durably, in place of an earlier one of the same erasure. */
export async function writeNote(folder: string, note: ErasureNote): Promise<void> {
  await replaceFile(join(folder, `${note.pseudonym}.json`), JSON.stringify(note));
}

/** The note, or null where it is gone. @throws DamagedNoteError */
export async function readNote(path: string): Promise<ErasureNote | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const note = parse(text);
  if (note !== null) return note;
  const advice = 'an erasure may be half done; ask for it again and remove this file';
  throw new DamagedNoteError(`ERASURE_NOTE_DAMAGED: ${path} is no note of an erasure: ${advice}`);
}

/** Removes drafts older than this that a crash left behind: they hold the id, and a note in place says the same or more. */
export async function removeStaleDrafts(folder: string, files: readonly string[], before: number): Promise<void> {
  for (const file of files.filter((one) => one.endsWith(DRAFT))) {
    const path = join(folder, file);
    const found = await stat(path).catch(() => null);
    if (found !== null && found.mtimeMs < before) await rm(path, { force: true });
  }
}

function parse(text: string): ErasureNote | null {
  try {
    const note = JSON.parse(text) as Partial<ErasureNote> | null;
    const { pseudonym, sessionSalt, userId, merged, at, owner, position } = note ?? {};
    const texts = [pseudonym, sessionSalt, userId].every((one) => typeof one === 'string' && one !== '');
    const numbers = typeof at === 'number' && (position === null || typeof position === 'number');
    return texts && numbers && Array.isArray(merged) && Number(owner?.pid) > 0 ? (note as ErasureNote) : null;
  } catch {
    return null;
  }
}
