/**
 * What has to be waited for before entries are folded, for the fold waits for nothing: what the last batch let go of memory is in
 * the store, and what these entries will read of it is at hand. Null: nothing; it stays so until the caller waits for something.
 */
import { type LogEntry } from '../events/log.js';
import { type LiveState } from './live-state.js';
import { usersOf } from './users-of.js';

/** The promise rejects where the store can't be read or written now: nothing was folded, and the same may be tried again. */
export function readyToFold(
  { users, records, position }: LiveState,
  entries: readonly LogEntry[],
): Promise<unknown> | null {
  // An event names two users at most.
  if (!users.needsRecords(2 * entries.length)) return null;
  const written = records.flush();
  const asked = users.prefetch([...new Set(entries.flatMap(({ event }) => usersOf(event)))], position);
  return written === null && asked === null ? null : Promise.all([written, asked]);
}
