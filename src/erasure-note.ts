/** The note of an erasure: what is to be forgotten and how far that has come; and the contract of where notes are kept. */
import { type Position } from './events/log.js';
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
  /** Who began it. */
  readonly owner: ProcessMark;
  /** Position of the forget event; null until it is known to be in the log. */
  readonly position: Position | null;
  /** Whether nothing but the forget event knows the id any more. */
  readonly carriedOut: boolean;
}

/** Whatever process finds a note that nobody works on goes on with it. Writing is durable: the old note stays or the new one is whole. */
export interface ErasureNotes {
  write(note: ErasureNote): Promise<void>;
  /** Names of the notes that there are. */
  names(): Promise<readonly string[]>;
  /** The note, or null where it is gone. @throws DamagedNoteError */
  read(name: string): Promise<ErasureNote | null>;
  remove(pseudonym: string): Promise<void>;
  /** Whether this process may go on with it: no other one that runs is at it. */
  claim(note: ErasureNote): Promise<boolean>;
  /** From now on, until the function is called that it returns, this process is known to be at it, however long that takes. */
  hold(note: ErasureNote): () => void;
}

/** A note that can't be read; the message names it and says what to do. */
export class DamagedNoteError extends Error {
  override readonly name = 'DamagedNoteError';
  readonly code = 'ERASURE_NOTE_DAMAGED';

  constructor(where: string) {
    const advice = 'an erasure may be half done; ask for it again and remove this';
    super(`ERASURE_NOTE_DAMAGED: ${where} is no note of an erasure: ${advice}`);
  }
}

/** The note out of its JSON; null where it is none. */
export function parseNote(text: string): ErasureNote | null {
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
