/**
 * How one interaction changes the state: it joins the user's history and session, counts in every scope once per reader
 * and item within the window, makes pairs with the clicks before it in its session, and an UNDO takes all of that back.
 */
import { INTERACTION_TYPES, type InteractionEvent } from '../events/event.js';
import { type Position } from '../events/log.js';
import { DISLIKE, entryAt, type History, type HistoryEntry } from './histories.js';
import { type LiveState } from './live-state.js';
import { FIRST_CLICK, LATER_CLICK, type SessionPlace } from './scope.js';
import { sessionAfter } from './session-of.js';

/** How many entries of other sessions may lie between two of one session that make a pair, for each within reach. */
const INTERLEAVED = 4;

export function applyInteraction(state: LiveState, event: InteractionEvent, position: Position): void {
  const item = state.items.activate(event.itemId, event.at);
  const user = state.users.activate(event.userId, position);
  if (event.at > state.latestAt) state.latestAt = event.at;
  if (event.type === 'IMPRESSION') return state.items.countImpression(item);
  state.users.countInteraction(user);
  if (event.type === 'UNDO') return undo(state, user, item);
  record(state, event, { user, item, position });
}

function record(
  state: LiveState,
  event: InteractionEvent,
  { user, item, position }: { user: number; item: number; position: Position },
): void {
  const { users, settings } = state;
  const { at, sessionId } = event;
  const session = sessionAfter(users.session(user), sessionId, at, settings.sessionGapMs);
  users.setSession(user, session);
  if (sessionId !== undefined) state.sessions.add(session.key, user);

  const weight = settings.weights[event.type] * (event.weight ?? 1);
  const before = countedNear(users.history(user), item, at, settings.recountWindowMs);
  const counted = Math.max(0, weight - before);
  const context = state.contexts.intern(event.context);
  const type = INTERACTION_TYPES.indexOf(event.type);
  const place = Math.min(session.clicks - 1, 65_535);
  const entry = { item, at, type, counted, session: session.key, place, context, position };
  const offset = users.addEntry(user, entry);
  if (type === DISLIKE) return;
  state.items.countClick(item, at);
  state.readers.add(item, user, at);
  if (counted === 0) return;
  state.popularity.add(item, counted, at, context, sessionPlace(entry));
  if (offset !== -1 && before === 0)
    countPairs(state, users.history(user), entry, { before: offset - 1, after: offset + 1 });
}

/** The user's last interaction with the item, and what it added, is gone; nothing happens where there is none. */
function undo(state: LiveState, user: number, item: number): void {
  const { users, settings } = state;
  const offset = users.history(user).item.lastIndexOf(item);
  if (offset === -1) return;
  const entry = entryAt(users.history(user), offset);
  users.removeEntry(user, offset);
  if (entry.type === DISLIKE) return;
  const rest = users.history(user);
  state.items.takeBackClick(item);
  if (entry.counted > 0) {
    state.popularity.subtract(item, entry.counted, entry.at, entry.context, sessionPlace(entry));
    const before = countedNear(rest, item, entry.at, settings.recountWindowMs);
    if (before === 0) countPairs(state, rest, entry, { before: offset - 1, after: offset, takeBack: true });
  }
  state.readers.remove(item, user);
  const readAt = lastReadAt(rest, item);
  if (readAt !== null) state.readers.add(item, user, readAt);
}

/** When the user last read the item: disliking is not reading. */
function lastReadAt(history: History, item: number): number | null {
  const { length, item: items, type: types, at: times } = history;
  let offset = length - 1;
  while (offset >= 0 && (items[offset] !== item || types[offset] === DISLIKE)) offset--;
  return offset === -1 ? null : times[offset]!;
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

/**
 * Counts the entry's pairs with the nearest other items of its session, from the offset `before` down and from `after` up,
 * each item once; or takes them back.
 */
function countPairs(
  state: LiveState,
  history: History,
  entry: HistoryEntry,
  { before, after, takeBack = false }: { before: number; after: number; takeBack?: boolean },
): void {
  const { coClicks, settings } = state;
  const { length, item: items, session: sessions, counted, at: times } = history;
  for (const step of [-1, 1]) {
    const paired = [entry.item];
    let other = step < 0 ? before : after;
    // Sessions may lie between each other, on two devices, but not far.
    const end = Math.min(length, Math.max(-1, other + step * settings.coClickReach * INTERLEAVED));
    for (; other !== end && other >= 0 && other < length && paired.length <= settings.coClickReach; other += step) {
      const item = items[other]!;
      if (sessions[other] !== entry.session || counted[other] === 0 || paired.includes(item)) continue;
      const distance = paired.push(item) - 1;
      const at = Math.max(entry.at, times[other]!);
      if (step < 0) coClicks.count(item, entry.item, distance, at, takeBack);
      else coClicks.count(entry.item, item, distance, at, takeBack);
    }
  }
}
