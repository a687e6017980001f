/** Who sends a request, as far as it could be told, and what that entitles to. */

/** What a key or token is for. A caller may have several. */
export const ROLES = ['client', 'server', 'debug', 'ingest', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface Caller {
  /** Names the key or the token's issuer in logs and limits; "local" where no key is needed. */
  readonly name: string;
  readonly roles: ReadonlySet<Role>;
  /** The roles in one word: equal for callers of equal rights. */
  readonly rights: string;
  /** The user that the caller speaks for; null: none. */
  readonly userId: string | null;
}

export function caller(name: string, roles: readonly Role[], userId: string | null): Caller {
  return { name, roles: new Set(roles), rights: ROLES.filter((role) => roles.includes(role)).join('+'), userId };
}

/** Whoever can reach a server that asks for no keys may do everything. */
export const LOCAL_CALLER: Caller = caller('local', ROLES, null);

export function hasAny({ roles }: Caller, wanted: readonly Role[]): boolean {
  return wanted.some((role) => roles.has(role));
}
