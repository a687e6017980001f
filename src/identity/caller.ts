/** Who sends a request, as far as it could be told, and what that entitles to. */

/** What a key or token is for. A caller may have several. */
export const ROLES = ['client', 'server', 'debug', 'ingest', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface Caller {
  /** Names the key or the token's issuer in logs and limits; "local" where no key is needed. */
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
  /** The user that a client speaks for; null: none. */
  readonly userId: string | null;
}

/** Whoever can reach a server that asks for no keys may do everything. */
export const LOCAL_CALLER: Caller = { name: 'local', roles: new Set(ROLES), userId: null };
