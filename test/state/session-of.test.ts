import { historyOf } from '../../src/state/histories.js';
import { FIRST_CLICK, LATER_CLICK } from '../../src/state/scope.js';
import { lateSession, placeOf, sessionAfter, sessionKey } from '../../src/state/session-of.js';
import { type CurrentSession } from '../../src/state/current-sessions.js';

const GAP = 1_000;

/** The session after each click: its time, and the session's name if it has one. */
function sessionsAfter(...clicks: readonly (readonly [at: number, sessionId?: string])[]): CurrentSession[] {
  let session: CurrentSession | null = null;
  return clicks.map(([at, sessionId]) => (session = sessionAfter(session, sessionId, at, GAP)));
}
const keys = (sessions: readonly CurrentSession[]): number[] => sessions.map(({ key }) => key);
const clicks = (sessions: readonly CurrentSession[]): number[] => sessions.map((session) => session.clicks);

describe('sessionAfter', () => {
  it('goes on while no gap is longer than the limit, and counts its clicks', () => {
    expect(clicks(sessionsAfter([0], [GAP], [2 * GAP], [3 * GAP + 1], [3 * GAP + 2]))).toEqual([1, 2, 3, 1, 2]);
  });

  it('goes on for a late click within the limit, and the gap still counts from the last one', () => {
    const sessions = sessionsAfter([5_000], [4_500], [5_000 + GAP], [5_001 + 2 * GAP]);
    expect(clicks(sessions)).toEqual([1, 2, 3, 1]);
    expect(sessions[1]!.lastAt).toBe(5_000);
  });

  it('goes by its name alone where it has one, however long the gap', () => {
    const sessions = sessionsAfter([0, 'a'], [100 * GAP, 'a'], [100 * GAP + 1, 'b'], [100 * GAP + 2, 'b']);
    expect(clicks(sessions)).toEqual([1, 2, 1, 2]);
    expect(keys(sessions)).toEqual(['a', 'a', 'b', 'b'].map(sessionKey));
    expect(sessions.every(({ named }) => named)).toBe(true);
  });

  it('has the key of its name again when it comes back', () => {
    const [first, , again] = sessionsAfter([0, 'a'], [1, 'b'], [2, 'a']);
    expect(again!.key).toBe(first!.key);
  });

  it('does not go on from a named session to an unnamed one or back', () => {
    const sessions = sessionsAfter([0, 'a'], [1], [2], [3, 'a']);
    expect(clicks(sessions)).toEqual([1, 1, 2, 1]);
    expect(sessions.map(({ named }) => named)).toEqual([true, false, false, true]);
  });

  it('gives unnamed sessions keys of their own, above those of all names', () => {
    const sessions = sessionsAfter([0], [2 * GAP], [Date.UTC(2100, 0)]);
    expect(new Set(keys(sessions)).size).toBe(3);
    for (const key of keys(sessions)) expect(Number.isSafeInteger(key) && key >= 2 ** 52).toBe(true);
    expect(sessionKey('any')).toBeLessThan(2 ** 52);
  });
});

describe('lateSession', () => {
  const entry = { item: 0, type: 2, counted: 1, context: 0, position: 1, pairs: 1 };
  const unnamed = 2 ** 52 + 500;
  const history = historyOf([
    { ...entry, at: 500, session: unnamed, place: 0 },
    { ...entry, at: 600, session: unnamed, place: 1 },
    { ...entry, at: 5_000, session: sessionKey('a'), place: 0 },
  ]);

  it('is that of the unnamed click before it within the gap, one place on', () => {
    expect(lateSession(history, 600 + GAP, GAP)).toEqual({ key: unnamed, clicks: 3, lastAt: 600 + GAP, named: false });
  });

  it('is one of its own before all others, past the gap, and after a named one', () => {
    const own = [499, 601 + GAP, 5_000].map((at) => lateSession(history, at, GAP));
    expect(own.map(({ key, clicks: count }) => [key, count])).toEqual(
      [499, 601 + GAP, 5_000].map((at) => [2 ** 52 + at, 1]),
    );
  });
});

describe('placeOf', () => {
  const [named, unnamed] = [sessionsAfter([0, 'a'])[0]!, sessionsAfter([0])[0]!];

  it('is the first click where there was none', () => {
    expect(placeOf(null, undefined, 0, GAP)).toBe(FIRST_CLICK);
    expect(placeOf(null, 'a', 0, GAP)).toBe(FIRST_CLICK);
  });

  it('is a later click in the session that is named, at any time, and a first one in another', () => {
    expect(placeOf(named, 'a', 100 * GAP, GAP)).toBe(LATER_CLICK);
    expect(placeOf(named, 'b', 1, GAP)).toBe(FIRST_CLICK);
    expect(placeOf(unnamed, 'a', 1, GAP)).toBe(FIRST_CLICK);
  });

  it('is a later click up to the gap where the query names none, whatever goes on', () => {
    for (const session of [named, unnamed]) {
      expect(placeOf(session, undefined, GAP, GAP)).toBe(LATER_CLICK);
      expect(placeOf(session, undefined, GAP + 1, GAP)).toBe(FIRST_CLICK);
    }
  });
});
