import { type Event } from '../../src/events/event.js';
import { UserChanges } from '../../src/state/user-changes.js';
import { click, NOON } from '../support/state.js';

const HOUR_MS = 3_600_000;
const applied = (changes: UserChanges, ...events: Event[]): void => changes.applied(events.map((event) => ({ event })));

describe('UserChanges', () => {
  it('wakes who watches the user, and nobody else', async () => {
    const changes = new UserChanges();
    const { signal } = new AbortController();
    const [mine, theirs] = [changes.watch('u', signal), changes.watch('other', signal)];
    const woken = mine.changed(HOUR_MS);
    applied(changes, click('u', 'i', 0));
    await woken;
    expect([mine.look(), theirs.look()]).toEqual([true, false]);
  });

  it.each<[string, Event]>([
    ['a profile', { kind: 'profile', userId: 'u', at: NOON }],
    ['a merge from the user', { kind: 'merge', fromUserId: 'u', intoUserId: 'v', at: NOON }],
    ['a merge into the user', { kind: 'merge', fromUserId: 'v', intoUserId: 'u', at: NOON }],
    ['an erasure', { kind: 'forget', userId: 'u', at: NOON }],
  ])('knows %s as a change', (_kind, event) => {
    const changes = new UserChanges();
    const watch = changes.watch('u', new AbortController().signal);
    applied(changes, event);
    expect(watch.look()).toBe(true);
  });

  it('holds any number of events as one change', () => {
    const changes = new UserChanges();
    const watch = changes.watch('u', new AbortController().signal);
    applied(changes, ...Array.from({ length: 1_000 }, (_, at) => click('u', `i${at}`, at)));
    expect([watch.look(), watch.look()]).toEqual([true, false]);
  });

  it('keeps nothing of a watch that has ended, and wakes who waited', async () => {
    const changes = new UserChanges();
    const end = new AbortController();
    const woken = changes.watch('u', end.signal).changed(HOUR_MS);
    expect(changes.size).toBe(1);
    end.abort();
    await woken;
    expect(changes.size).toBe(0);
  });
});
