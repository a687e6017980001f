/** Events about who somebody is: an anonymous visitor signs in, a person wants to be forgotten. */
import { type MergeEvent } from '../events/event.js';
import { type Position } from '../events/log.js';
import { type LiveState } from './live-state.js';
import { mergeWithPairs } from './pairs.js';
import { type UserView } from './users.js';

/** The first user's history, and what the second's profile lacks, become the second's; the first is unknown from now on. */
export function applyMerge(state: LiveState, event: MergeEvent, position: Position): void {
  const { users } = state;
  if (event.fromUserId === event.intoUserId) return;
  if (users.read([event.fromUserId], position)[0] === null) return;
  const from = users.activate(event.fromUserId, position);
  const into = users.activate(event.intoUserId, position);
  const leaving = users.view(from);
  const staying = users.view(into);
  mergeWithPairs(state, from, into);
  users.countInteraction(into, leaving.interactions);
  users.lose(into, users.lostUntil(from));
  users.setSession(into, laterSession(leaving, staying));
  mergeProfiles(state, into, leaving, staying);
  const merged = [...users.mergedInto(into), ...users.mergedInto(from), { userId: event.fromUserId, position }];
  users.setMerged(into, merged);
  leave(state, event.fromUserId, position, into);
}

/**
 * The person is gone from histories, profiles, sessions and reader lists. Counts stay: they say how often, not who.
 */
export function applyForget(state: LiveState, userId: string, position: Position): void {
  leave(state, userId, position);
}

function leave(state: LiveState, userId: string, position: Position, instead?: number): void {
  const { users } = state;
  const index = users.find(userId);
  if (index !== -1) {
    // The reader lists may name the user at items that the bounded history has lost.
    for (let item = 0; item < state.items.count; item++) {
      if (instead === undefined) state.readers.remove(item, index);
      else state.readers.replace(item, index, instead);
    }
    if (instead !== undefined) state.sessions.replace(index, instead);
  }
  users.remove(userId, position);
}

function laterSession(leaving: UserView, staying: UserView): UserView['session'] {
  if (leaving.session === null || staying.session === null) return staying.session ?? leaving.session;
  return leaving.session.lastAt > staying.session.lastAt ? leaving.session : staying.session;
}

function mergeProfiles(state: LiveState, into: number, leaving: UserView, staying: UserView): void {
  if (leaving.profile === null) return;
  state.users.setProfile(into, {
    context: { ...leaving.profile.context, ...staying.profile?.context },
    attributes: { ...leaving.profile.attributes, ...staying.profile?.attributes },
    updatedAt: Math.max(leaving.profile.updatedAt, staying.profile?.updatedAt ?? 0),
  });
}
