/**
 * Where users go that no longer fit in memory: their history and profile as one opaque record. It is a cache of the log:
 * every record carries the position at which it left memory, so that a fold that starts again from an older
 * checkpoint reads what was true at its own position and not what came later.
 */
export interface UserRecords {
  /** The newest record of the user written at or before the position; undefined where there is none, or it was a removal. */
  get(userId: string, position: number): Uint8Array | undefined;
  /** Writes the record as of the position. Writing the same again changes nothing. */
  put(userId: string, position: number, record: Uint8Array): void;
  /** From this position on there is no record. */
  remove(userId: string, position: number): void;
  /** No fold will start before this position any more: records that a newer one hides from there on may go. */
  keepFrom(position: number): void;
  /** Erases every record of the user, of whatever position. */
  erase(userId: string): void;
}
