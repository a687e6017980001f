/**
 * Where users go that no longer fit in memory: their history and profile as one opaque record. It is a cache of the log:
 * every record carries the position at which it left memory, so that a fold that starts again from an older
 * checkpoint reads what was true at its own position and not what came later. Replicas fold the same log, so they write the
 * same bytes at the same positions and may share a store. Reads and writes are synchronous, for the fold is; a store on the
 * other side of a network is waited for between batches alone, by `prefetch` and `flush`.
 */
export interface UserRecords {
  /**
   * The same store for a fold that begins now, over the log of this name: nothing that is at hand for another fold is at hand for this
   * one. One object serves one fold. Where what is needed from some position on is no longer there, a fold from the start of
   * the log has records of its own under another number; a fold from its checkpoint goes on with these.
   */
  forFold(log: string | undefined, fold?: number): UserRecords;
  /** The number of the fold that first made these records: 0, as long as none had to be made anew. */
  readonly fold: number;
  /**
   * The newest record of the user written at or before the position; undefined where there is none, or it was a removal.
   * @throws where the user's records are not at hand: answering as for one who has none would change what a fold gives
   */
  get(userId: string, position: number): Uint8Array | undefined;
  /** Writes the record as of the position. Writing the same again changes nothing. */
  put(userId: string, position: number, record: Uint8Array): void;
  /** From this position on there is no record. */
  remove(userId: string, position: number): void;
  /** No fold over the store will start before this position any more: records that a newer one hides from there on may go. */
  keepFrom(position: number): void;
  /** Erases all records of the user up to the position, under whatever settings; whoever bears the id later keeps theirs. */
  erase(userId: string, upTo: number): Promise<void>;
  /** Whether `get` can answer at once. */
  isAtHand(userId: string): boolean;
  /**
   * Brings what a fold at the position, or a query there, will `get`, in one round trip. Null: all of it is at hand, and stays so
   * until the caller waits for something. Rejects where the store can't be read now.
   */
  prefetch(userIds: readonly string[], position: number): Promise<void> | null;
  /** Resolves when all that was written so far is in the store, where every fold finds it; null: it is. Rejects where it can't be. */
  flush(): Promise<void> | null;
}
