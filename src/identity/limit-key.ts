/** Whom limits count for. */
import { type Caller, hasAny, LOCAL_CALLER, type Role } from './caller.js';

/** Back-ends and operators, who ask for many users and from few addresses. */
export const TRUSTED: readonly Role[] = ['server', 'debug', 'ingest', 'admin'];

/**
 * The user that a key or token speaks for; a back-end's key; and of a client's key that speaks for nobody, which all visitors
 * of a page may have, each address. So it is of a caller who needs no key.
 */
export function limitKeyOf(caller: Caller, address: string): string {
  if (caller === LOCAL_CALLER) return address;
  if (caller.userId !== null) return `${caller.name} ${caller.userId}`;
  return hasAny(caller, TRUSTED) ? caller.name : `${caller.name} @${address}`;
}
