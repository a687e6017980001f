/**
 * How one interaction changes the state: it joins the user's history and session, counts in every scope once per reader
 * and item within the window, makes pairs with the clicks before it in its session, and an UNDO takes all of that back.
 */
import { INTERACTION_TYPES, type InteractionEvent } from '../events/event.js';
import { type Position } from '../events/log.js';
import { DISLIKE, entryAt, type History, type HistoryEntry } from './histories.js';
import { type LiveState } from './live-state.js';
import { FIRST_CLICK, LATER_CLICK, type SessionPlace } from './scope.js';
import { addWithPairs, removeWithPairs } from './pairs.js';
import { lateSession, sessionAfter } from './session-of.js';
import { type CurrentSession } from './current-sessions.js';

export function applyInteraction(state: LiveState, event: InteractionEvent, position: Position): void {
  const item = state.items.activate(event.itemId, event.at);
  const user = state.users.activate(event.userId, position);
  if (event.at > state.latestAt) state.latestAt = event.at;
  if (event.type === 'IMPRESSION') return state.items.countImpression(item);
  state.users.countInteraction(user);
  if (event.type === 'UNDO') return undo(state, user, item);
  record(state, event, { user, item, position });
}

/**
 * What is older than everything that a bounded history keeps counts nowhere and has no place in history, session or reader
 * lists, for nobody could tell later whether its reader had been counted. It is one more of the user's interactions, and
 * that is all, so there is nothing of it to undo.
 */
function record(
  state: LiveState,
  event: InteractionEvent,
  { user, item, position }: { user: number; item: number; position: Position },
): void {
  const { users, settings } = state;
  const { at, sessionId } = event;
  if (!users.hasRoomAt(user, at)) return;
  const session = enterSession(state, user, event);
  if (sessionId !== undefined) state.sessions.add(session.key, user);

  const type = INTERACTION_TYPES.indexOf(event.type);
  const weight = type === DISLIKE ? 0 : settings.weights[event.type] * (event.weight ?? 1);
  const before = countedNear(users.history(user), item, at, settings.recountWindowMs);
  const counted = before === 0 && wasCounted(state, user, item, at) ? 0 : Math.max(0, weight - before);
  const pairs = counted > 0 && before === 0 ? 1 : 0;
  const context = sessionContext(users.history(user), session) || state.contexts.intern(event.context);
  const place = Math.min(session.clicks - 1, 65_535);
  const entry = { item, at, type, counted, session: session.key, place, context, position, pairs };
  addWithPairs(state, user, entry);
  if (type === DISLIKE) return;
  state.items.countClick(item, at);
  state.readers.add(item, user, at);
  if (counted === 0) return;
  state.popularity.add(item, counted, at, context, sessionPlace(entry));
}

/** The session that the click belongs to; it becomes the user's current one unless a younger click was in another. */
function enterSession(
  { users, settings }: LiveState,
  user: number,
  { sessionId, at }: InteractionEvent,
): CurrentSession {
  const current = users.session(user);
  const session = sessionAfter(current, sessionId, at, settings.sessionGapMs);
  if (current === null || session.lastAt >= current.lastAt) {
    users.setSession(user, session);
    return session;
  }
  return sessionId === undefined ? lateSession(users.history(user), at, settings.sessionGapMs) : session;
}

/**
 * Index of the context that the session began in: where a visit came from holds for all of it, and lists are asked for
 * with it. 0 for a session that begins, or began without a context.
 */
function sessionContext(history: History, { key, clicks }: CurrentSession): number {
  const last = clicks > 1 ? history.session.lastIndexOf(key) : -1;
  return last === -1 ? 0 : history.context[last]!;
}

/** The user's last interaction with the item, and what it added, is gone; nothing happens where there is none. */
function undo(state: LiveState, user: number, item: number): void {
  const { users } = state;
  const offset = users.history(user).item.lastIndexOf(item);
  if (offset === -1) return;
  const entry = entryAt(users.history(user), offset);
  removeWithPairs(state, user, offset);
  if (entry.type === DISLIKE) return;
  state.items.takeBackClick(item);
  if (entry.counted > 0) {
    state.popularity.subtract(item, entry.counted, entry.at, entry.context, sessionPlace(entry));
  }
  const readAt = lastReadAt(users.history(user), item);
  // One that did not count stood on a reading that did, which the history may have lost: the reader stays one.
  if (entry.counted === 0 && readAt === null) return;
  state.readers.remove(item, user);
  if (readAt !== null) state.readers.add(item, user, readAt);
}

/** When the user last read the item: disliking is not reading. */
function lastReadAt(history: History, item: number): number | null {
  const { length, item: items, type: types, at: times } = history;
  let offset = length - 1;
  while (offset >= 0 && (items[offset] !== item || types[offset] === DISLIKE)) offset--;
  return offset === -1 ? null : times[offset]!;
}

/**
 * Whether the item's own list of readers says that the user has been counted there within the window: asked where the
 * bounded history has lost something of that time, for it may have been this item.
 */
function wasCounted({ users, readers, settings }: LiveState, user: number, item: number, at: number): boolean {
  if (users.lostUntil(user) <= at - settings.recountWindowMs) return false;
  const readAt = readers.timeOf(item, user);
  return readAt !== null && Math.abs(at - readAt) < settings.recountWindowMs;
}

function sessionPlace(entry: HistoryEntry): SessionPlace {
  return entry.place === 0 ? FIRST_CLICK : LATER_CLICK;
}

/** How much the reader has counted for at the item within the window before or after this time. */
function countedNear(history: History, item: number, at: number, windowMs: number): number {
  const { length, at: times, item: items, counted } = history;
  let sum = 0;
  for (let offset = length - 1; offset >= 0; offset--) {
    if (times[offset]! <= at - windowMs) break;
    if (items[offset] === item && times[offset]! < at + windowMs) sum += counted[offset]!;
  }
  return sum;
}
