/** What LATEST is, what it was before, and what is pinned: the contract of keeping it, and its form as sealed JSON. */
import { parseSealed, seal, SealError, unseal } from './sealed-json.js';

export interface Head {
  readonly latest: string | null;
  /** What LATEST was before and was not rolled back from, newest first, as far as it is kept: the way back. */
  readonly earlier: readonly string[];
  readonly pinned: string | null;
  /** Being removed: never to be LATEST or pinned again. */
  readonly removed: readonly string[];
}

export const EMPTY_HEAD: Head = { latest: null, earlier: [], pinned: null, removed: [] };

/** What follows on a head, null where there is none that can be read; gives null to leave it. */
export type HeadChange = (head: Head | null) => Promise<Head | null>;

export interface SnapshotHead {
  /**
   * Null where there is none.
   * @throws SnapshotError SNAPSHOT_CORRUPT
   */
  read(): Promise<Head | null>;
  /** Writes the first head, that of a store in which nothing is LATEST, unless there is one. */
  begin(): Promise<void>;
  /** Replaces the head, durably; `update` runs again where another change came first. The new one, or null. */
  change(update: HeadChange): Promise<Head | null>;
}

export const encodeHead = (head: Head): string => seal(head);

/** Null where the text is damaged. The seal says that nobody but `encodeHead` wrote it. */
export function decodeHead(text: string): Head | null {
  try {
    return unseal(parseSealed(text)) as unknown as Head;
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}
