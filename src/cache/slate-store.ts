/**
 * Where made lists are kept for later pages and for the interactions that answer them. Generic over what a slate is, so
 * that a backend depends on nothing of the engine.
 */
export interface SlateStore<Slate extends { readonly id: string }> {
  /** Keeps the slate for the store's time to live; `userId` names whose it is, for erasure. */
  put(slate: Slate, userId: string | null): Promise<void>;
  /** The slate, or null where it has expired or never was. */
  get(id: string): Promise<Slate | null>;
  /** Removes every slate made for the user and says how many there were. */
  forget(userId: string): Promise<number>;
}
