/** Folds over records as the follower does, in batches of a test's own size. */
import { type LogEntry } from '../../src/events/log.js';
import { copyHistory } from '../../src/state/histories.js';
import { type LiveState } from '../../src/state/live-state.js';
import { readyToFold } from '../../src/state/ready-to-fold.js';

/** Folds the next so many entries. Rejects where the records can't be read or written now: nothing was folded then. */
export async function foldNext(state: LiveState, entries: readonly LogEntry[], count: number): Promise<void> {
  const some = entries.slice(state.position, state.position + count);
  for (let wait; (wait = readyToFold(state, some)) !== null;) await wait;
  for (const { event, position } of some) state.apply(event, position);
}

/** What can be asked of these users, wherever it is. */
export async function viewsOf(
  { users, position }: LiveState,
  userIds: readonly string[],
): Promise<readonly (object | null)[]> {
  for (let asked; (asked = users.prefetch(userIds, position)) !== null;) await asked;
  return users.read(userIds, position).map((view) => {
    if (view === null) return null;
    const { interactions, profile, session, history } = view;
    return {
      interactions,
      profile,
      session,
      history: copyHistory(history),
      merged: users.mergedIds(view.userId, position),
    };
  });
}
