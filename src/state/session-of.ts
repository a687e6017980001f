/**
 * Which session a click belongs to: the one that the client names or, where it names none, the one that has had no gap
 * over the limit. Known from the past only.
 */
import { hashString } from '../math/hash-string.js';
import { type History } from './histories.js';
import { FIRST_CLICK, LATER_CLICK, type SessionPlace } from './scope.js';
import { type CurrentSession } from './current-sessions.js';

/** Keys of sessions told by their gaps lie above those of named ones, which are 52-bit hashes. */
const UNNAMED = 2 ** 52;

export function sessionKey(sessionId: string): number {
  return hashString(sessionId);
}

/** The session, as it is after a click at this time. */
export function sessionAfter(
  before: CurrentSession | null,
  sessionId: string | undefined,
  at: number,
  gapMs: number,
): CurrentSession {
  const named = sessionId !== undefined;
  const goesOn = continues(before, sessionId, at, gapMs);
  const key = goesOn ? before!.key : named ? sessionKey(sessionId) : UNNAMED + at;
  const clicks = goesOn ? before!.clicks + 1 : 1;
  return { key, clicks, lastAt: goesOn ? Math.max(before!.lastAt, at) : at, named };
}

/**
 * The session of a click without a name that comes too late for the current one: that of the last click before it, where
 * that had no name either and no gap over the limit lies between them, or one of its own.
 */
export function lateSession(history: History, at: number, gapMs: number): CurrentSession {
  const { at: times, session: sessions, place: places } = history;
  let offset = history.length - 1;
  while (offset >= 0 && times[offset]! > at) offset--;
  const goesOn = offset >= 0 && sessions[offset]! >= UNNAMED && at - times[offset]! <= gapMs;
  const [key, clicks] = goesOn ? [sessions[offset]!, places[offset]! + 2] : [UNNAMED + at, 1];
  return { key, clicks, lastAt: at, named: false };
}

/** Whether a list asked for now, under this session id if any, is for the first click of a session or for a later one. */
export function placeOf(
  session: CurrentSession | null,
  sessionId: string | undefined,
  now: number,
  gapMs: number,
): SessionPlace {
  // A query that names no session belongs to whatever session is going on, named or not.
  const going =
    sessionId === undefined
      ? session !== null && now - session.lastAt <= gapMs
      : continues(session, sessionId, now, gapMs);
  return going ? LATER_CLICK : FIRST_CLICK;
}

function continues(session: CurrentSession | null, sessionId: string | undefined, at: number, gapMs: number): boolean {
  if (session === null) return false;
  if (sessionId !== undefined) return session.named && session.key === sessionKey(sessionId);
  return !session.named && Math.abs(at - session.lastAt) <= gapMs;
}
