/**
 * What one request leaves behind for logs, audit and telemetry: its id, the users that it named or read, how its lists were made, and
 * how many of its operations were recorded. Operations of one batch share it.
 */
import { type Slate } from '../engine/slate.js';
import { type ListTrace, listTrace } from './list-trace.js';

/** Lists of one request that are told of at most. */
const LISTS = 4;
const NOBODY: ReadonlySet<string> = new Set();

export class Trail {
  /** Given by the route that took the request; empty where there is none. */
  requestId = '';
  /** The header of W3C Trace Context, as it came; null where it did not. */
  traceparent: string | null = null;
  /** How the first lists of the request were made; null: nobody asks. */
  lists: ListTrace[] | null = null;
  /** Bytes of the request's body that count for what is refused of it; 0 once they were counted. */
  bodyBytes = 0;
  /** Whether any of it became an operation, which is judged by what came of that. */
  isOperation = false;
  /** Operations of the request that were recorded so far. */
  recorded = 0;
  private touched: Set<string> | null = null;

  /** Ids of the users whose data the request read, changed or asked lists for. */
  get users(): ReadonlySet<string> {
    return this.touched ?? NOBODY;
  }

  made(slate: Slate): void {
    if (this.lists !== null && this.lists.length < LISTS) this.lists.push(listTrace(slate, Date.now()));
  }

  touch(userId: string | null | undefined): void {
    if (userId != null) (this.touched ??= new Set()).add(userId);
  }
}
