/**
 * What one request leaves behind for logs and audit: its id, the users that it named or read, and how many of its operations were
 * recorded. Operations of one batch share it.
 */

const NOBODY: ReadonlySet<string> = new Set();

export class Trail {
  /** Given by the route that took the request; empty where there is none. */
  requestId = '';
  /** Operations of the request that were recorded so far. */
  recorded = 0;
  private touched: Set<string> | null = null;

  /** Ids of the users whose data the request read, changed or asked lists for. */
  get users(): ReadonlySet<string> {
    return this.touched ?? NOBODY;
  }

  touch(userId: string | null | undefined): void {
    if (userId != null) (this.touched ??= new Set()).add(userId);
  }
}
