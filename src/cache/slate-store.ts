/**
 * Where made lists are kept for later pages and for the interactions that answer them. Generic over what a slate is, so
 * that a backend depends on nothing of the engine: plain data, typed arrays included, made under an id of its own.
 */
export interface SlateStore<Slate extends { readonly id: string }> {
  /** Keeps the slate for the store's time to live; `owners` are the users whose history went into it, for erasure. */
  put(slate: Slate, owners: readonly string[]): Promise<void>;
  /** The slate, or null where it has expired or never was. */
  get(id: string): Promise<Slate | null>;
  /** Removes every slate that the user owns, whichever process made it, and says how many there were. */
  forget(userId: string): Promise<number>;
}
