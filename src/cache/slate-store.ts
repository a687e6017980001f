/**
 * Where made lists are kept for later pages and for the interactions that answer them. Generic over what a slate is, so
 * that a backend depends on nothing of the engine: plain data, typed arrays included, made under an id of its own.
 */
export interface MadeSlate<Slate> {
  readonly slate: Slate;
  /** Users whose history went into it, for erasure. */
  readonly owners: readonly string[];
}

/** How much a store keeps; what is oldest goes first. */
export interface SlateBounds {
  /** Slates; one of 100 items with four sources takes about 13 KB, 41 KB with a ranker's 71 features. */
  readonly capacity: number;
  /** Of all slates as they are stored. */
  readonly bytes: number;
  readonly ttlMs: number;
}

export interface SlateStore<Slate extends { readonly id: string }> {
  /**
   * Keeps the slates for the store's time to live, in one round trip.
   * @throws where they can't be kept; a remote store may have kept them all the same
   */
  put(made: readonly MadeSlate<Slate>[]): Promise<void>;
  /**
   * The slates in the order of the ids, in one round trip; null where one has expired, never was, or can't be read.
   * @throws where the store is away
   */
  get(ids: readonly string[]): Promise<readonly (Slate | null)[]>;
  /** Removes every slate that the user owns, whichever process made it, and says how many there were. */
  forget(userId: string): Promise<number>;
  close(): Promise<void>;
}
