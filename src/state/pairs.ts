/**
 * Pairs of items that a reader clicked near each other in one session. They are a function of the history: an entry that makes
 * pairs goes with the nearest others before it, each item once. So where an entry comes late, is undone, or two
 * histories become one, what no longer stands is taken back and what now stands is counted. Only the pairs of what a bounded
 * history loses stay counted as they were.
 */
import { entryAt, type History, type HistoryEntry } from './histories.js';
import { type LiveState } from './live-state.js';

/** How many entries of other sessions may lie between two of one session that make a pair, for each within reach. */
const INTERLEAVED = 4;

interface Pair {
  readonly earlier: number;
  readonly later: number;
  readonly distance: number;
  readonly at: number;
  /** Positions of the two entries in the log. */
  readonly positions: readonly [earlier: number, later: number];
}

/** Pairs by the positions of their entries and the distance: equal keys are the same pair. */
type Pairs = Map<string, Pair>;

/** Adds the entry to the user's history, at the place of its time, and counts the pairs that this makes. */
export function addWithPairs(state: LiveState, user: number, entry: HistoryEntry): void {
  const { users } = state;
  const before = users.history(user);
  const { length } = before;
  const offset = offsetOf(before, entry.at);
  if (offset === length) {
    users.addEntry(user, entry);
    if (entry.pairs === 1) countLast(state, users.history(user));
    return;
  }
  const oldest = before.position[0]!;
  const stood = pairsOf(state, before, offset, offset + span(state));
  const place = users.addEntry(user, entry);
  if (place === -1) return;
  const after = users.history(user);
  // A full history has lost its oldest entry.
  if (after.length === length) forgetEntries(stood, (position) => position !== oldest);
  recount(state, stood, pairsOf(state, after, place, place + span(state) + 1));
}

/** Removes the entry at this offset from the user's history, and the pairs that only stood with it. */
export function removeWithPairs(state: LiveState, user: number, offset: number): void {
  const { users } = state;
  const stood = pairsOf(state, users.history(user), offset, offset + span(state) + 1);
  users.removeEntry(user, offset);
  recount(state, stood, pairsOf(state, users.history(user), offset, offset + span(state)));
}

/** Adds a copy of one user's history to another's: a session in which both clicked is one from now on. */
export function mergeWithPairs(state: LiveState, from: number, into: number): void {
  const { users } = state;
  const leaving = users.history(from);
  const entries = Array.from({ length: leaving.length }, (_, offset) => entryAt(leaving, offset));
  const stood = new Map([
    ...pairsOf(state, leaving, 0, leaving.length),
    ...pairsOf(state, users.history(into), 0, users.history(into).length),
  ]);
  for (const entry of entries) users.addEntry(into, entry);
  const merged = users.history(into);
  const kept = new Set(merged.position);
  forgetEntries(stood, (position) => kept.has(position));
  recount(state, stood, pairsOf(state, merged, 0, merged.length));
}

/** How many entries behind another one it may make pairs with. */
function span({ settings }: LiveState): number {
  return settings.coClickReach * INTERLEAVED;
}

/** Where an entry of this time enters: behind all that are not younger. */
function offsetOf({ length, at: times }: History, at: number): number {
  let offset = length;
  while (offset > 0 && times[offset - 1]! > at) offset--;
  return offset;
}

/** The usual case, a click in order of time: only the last entry makes new pairs. */
function countLast({ coClicks, settings }: LiveState, history: History): void {
  const { item: items, at: times } = history;
  const later = history.length - 1;
  forEachBefore(history, later, settings.coClickReach, (earlier, distance) => {
    coClicks.count(items[earlier]!, items[later]!, distance, times[later]!, false);
  });
}

/** Pairs whose later entry stands from `from` on and before `to`. */
function pairsOf({ settings }: LiveState, history: History, from: number, to: number): Pairs {
  const { item: items, at: times, position: positions } = history;
  const pairs: Pairs = new Map();
  for (let later = from; later < Math.min(to, history.length); later++) {
    forEachBefore(history, later, settings.coClickReach, (earlier, distance) => {
      pairs.set(`${positions[earlier]}:${positions[later]}:${distance}`, {
        earlier: items[earlier]!,
        later: items[later]!,
        distance,
        at: times[later]!,
        positions: [positions[earlier]!, positions[later]!],
      });
    });
  }
  return pairs;
}

/** Calls back with the entries that the one at `later` makes pairs with, the nearest first, at distances from 1. */
function forEachBefore(
  { item: items, session: sessions, pairs }: History,
  later: number,
  reach: number,
  callback: (earlier: number, distance: number) => void,
): void {
  if (pairs[later] === 0) return;
  const session = sessions[later]!;
  const paired = [items[later]!];
  // Sessions may lie between each other, on two devices, but not far.
  const end = Math.max(0, later - reach * INTERLEAVED);
  for (let earlier = later - 1; earlier >= end && paired.length <= reach; earlier--) {
    const item = items[earlier]!;
    if (sessions[earlier] !== session || pairs[earlier] === 0 || paired.includes(item)) continue;
    callback(earlier, paired.push(item) - 1);
  }
}

/** Drops the pairs with an entry that is not kept: they stay counted. */
function forgetEntries(pairs: Pairs, keeps: (position: number) => boolean): void {
  for (const [key, { positions }] of pairs) if (!positions.every(keeps)) pairs.delete(key);
}

function recount({ coClicks }: LiveState, stood: Pairs, stands: Pairs): void {
  for (const [key, { earlier, later, distance, at }] of stood) {
    if (!stands.has(key)) coClicks.count(earlier, later, distance, at, true);
  }
  for (const [key, { earlier, later, distance, at }] of stands) {
    if (!stood.has(key)) coClicks.count(earlier, later, distance, at, false);
  }
}
