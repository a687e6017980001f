/** What every backend of the event log must do; each backend's test file runs it with its own way of opening one. */
import { type Event, INTERACTION_TYPES, type InteractionEvent } from '../../src/events/event.js';
import { type EventLog, LogUnavailableError } from '../../src/events/log.js';

export interface ContractOptions {
  readonly duplicateWindow?: number;
}

/** Defines the suite. `open` gives an empty log each time. */
export function eventLogContract(backend: string, open: (options?: ContractOptions) => Promise<EventLog>): void {
  describe(`event log in ${backend}`, () => {
    let log: EventLog;
    beforeEach(async () => {
      log = await open();
    });
    afterEach(() => log.close());

    describe('order and positions', () => {
      it('is empty at first: position 0, nothing to read', async () => {
        expect(log.last()).toBe(0);
        expect(await log.read(0, 10)).toEqual([]);
        expect(await log.append([])).toEqual({ position: 0, positions: [] });
      });

      it('counts positions from 1 without gaps, in the order of the events', async () => {
        expect(await log.append([click('a'), click('b')])).toEqual({ position: 2, positions: [1, 2] });
        expect(await log.append([click('c')])).toEqual({ position: 3, positions: [3] });
        expect(await log.append([])).toEqual({ position: 3, positions: [] });
        expect(log.last()).toBe(3);
        expect(await items(log)).toEqual(['a', 'b', 'c']);
      });

      it('keeps the events of each append together and every append whole when many come at once', async () => {
        const batches = Array.from({ length: 50 }, (_, b) => [0, 1, 2].map((i) => click(`${b}-${i}`)));
        const seen: number[] = [];
        const watch = setInterval(() => seen.push(log.last()), 0);
        const appended = await Promise.all(batches.map((batch) => log.append(batch)));
        clearInterval(watch);
        const all = await items(log);
        expect(all).toHaveLength(150);
        appended.forEach(({ positions }, b) => {
          expect(positions.map((position) => all[position! - 1])).toEqual([`${b}-0`, `${b}-1`, `${b}-2`]);
          expect(positions[2]).toBe(positions[0]! + 2);
        });
        expect(seen.filter((position) => position % 3 !== 0)).toEqual([]);
      });
    });

    describe('reading', () => {
      it('reads at most the limit, from behind the position, and nothing at the end', async () => {
        await log.append(['a', 'b', 'c', 'd', 'e'].map((item) => click(item)));
        const read = await log.read(1, 3);
        expect(read.map(({ position }) => position)).toEqual([2, 3, 4]);
        expect(read.map(({ event }) => (event as InteractionEvent).itemId)).toEqual(['b', 'c', 'd']);
        expect((await log.read(4, 100)).map(({ position }) => position)).toEqual([5]);
        expect(await log.read(5, 100)).toEqual([]);
        expect(await log.read(0, 0)).toEqual([]);
      });

      it('gets events in the order in which they are asked for, null where there is none', async () => {
        await log.append([click('a'), click('b')]);
        expect(await log.get([2, 99, 1, 0, 2])).toEqual([click('b'), null, click('a'), null, click('b')]);
        expect(await log.get([])).toEqual([]);
      });

      it('gives back every kind of event as it was appended, absent fields absent', async () => {
        await log.append(EVERY_KIND);
        expect((await log.read(0, 100)).map(({ event }) => event)).toStrictEqual(EVERY_KIND);
        expect(await log.get(EVERY_KIND.map((_, i) => i + 1))).toStrictEqual(EVERY_KIND);
      });
    });

    describe('duplicates', () => {
      it('counts an id once, within one append and across appends; what is left out takes no position', async () => {
        const first = await log.append([click('a', 'x'), click('b', 'x'), click('c', 'y')]);
        expect(first).toEqual({ position: 2, positions: [1, null, 2] });
        expect(await log.append([click('d', 'y'), click('e')])).toEqual({ position: 3, positions: [null, 3] });
        expect(await log.append([click('f', 'x')])).toEqual({ position: 3, positions: [null] });
        expect(await items(log)).toEqual(['a', 'c', 'e']);
      });

      it('counts an id once when it comes in many appends at once', async () => {
        const appended = await Promise.all([1, 2, 3, 4].map(() => log.append([click('a', 'x')])));
        expect(appended.flatMap(({ positions }) => positions)).toEqual([1, null, null, null]);
      });

      it('counts the same id of another user by itself, so that nobody can take the ids of others', async () => {
        const [mine, theirs] = ['u1', 'u2'].map((userId): Event => ({ ...click('a', 'x'), userId }) as Event);
        expect((await log.append([mine!, theirs!, mine!])).positions).toEqual([1, 2, null]);
      });

      it('takes an id by its exact text, however long it is', async () => {
        const ids = ['x', 'X', 'x ', 'é', 'e\u0301', 'long'.repeat(2_000), `${'long'.repeat(2_000)}!`];
        const { positions } = await log.append(ids.map((id) => click('a', id)));
        expect(positions).toEqual(ids.map((_, i) => i + 1));
      });

      it('knows an id among the last ones of the window, and lets an older one count again', async () => {
        await log.close();
        log = await open({ duplicateWindow: 3 });
        await log.append([click('a', '1'), click('b', '2'), click('c'), click('d', '3')]);
        expect((await log.append([click('e', '1')])).positions).toEqual([null]);
        await log.append([click('f', '4')]);
        expect(
          (await log.append([click('g', '2'), click('h', '1'), click('i', '3'), click('j', '2')])).positions,
        ).toEqual([null, 6, null, 7]);
        expect(await items(log)).toEqual(['a', 'b', 'c', 'd', 'f', 'h', 'j']);
      });

      it('does not keep an id in the window for being given again', async () => {
        await log.close();
        log = await open({ duplicateWindow: 2 });
        await log.append([click('a', '1'), click('b', '2'), click('c', '1')]);
        expect((await log.append([click('d', '3'), click('e', '1')])).positions).toEqual([3, 4]);
      });

      it('knows nothing of an id where the window is empty', async () => {
        await log.close();
        log = await open({ duplicateWindow: 0 });
        expect((await log.append([click('a', '1'), click('b', '1')])).positions).toEqual([1, 2]);
      });
    });

    describe('erasure', () => {
      const ALL = { upTo: Number.MAX_SAFE_INTEGER, includeForgets: true, sessionSalt: 'salt' };

      it('gives the pseudonym to every entry that names the user and leaves all others as they are', async () => {
        const others: Event[] = [
          { ...click('a'), userId: 'ann-2' },
          { kind: 'profile', userId: 'bob', attributes: { friend: 'none' }, at: 1 },
          { kind: 'merge', fromUserId: 'bob', intoUserId: 'cid', at: 2 },
          { kind: 'item', itemId: 'ann', at: 3 },
        ];
        await log.append([
          ...others,
          { ...click('b'), userId: 'ann' },
          { kind: 'merge', fromUserId: 'ann', intoUserId: 'bob', at: 4 },
          { kind: 'merge', fromUserId: 'bob', intoUserId: 'ann', at: 5 },
          { kind: 'forget', userId: 'ann', at: 6 },
        ]);
        expect(await log.pseudonymise('ann', 'p', ALL)).toBe(4);
        expect((await log.read(0, 100)).map(({ event }) => event)).toEqual([
          ...others,
          { ...click('b'), userId: 'p' },
          { kind: 'merge', fromUserId: 'p', intoUserId: 'bob', at: 4 },
          { kind: 'merge', fromUserId: 'bob', intoUserId: 'p', at: 5 },
          { kind: 'forget', userId: 'p', at: 6 },
        ]);
      });

      it('leaves of an interaction what counters are made of, and of a profile nothing', async () => {
        const what = { type: 'CLICK', weight: 2, at: 7, context: { os: '1' }, rank: 3 } as const;
        await log.append([
          { kind: 'interaction', userId: 'ann', itemId: 'a', ...what, id: 'x', sessionId: 's', recommendationId: 'r' },
          { kind: 'profile', userId: 'ann', context: { region: 'r' }, attributes: { name: 'Ann' }, at: 8 },
        ]);
        expect(await log.pseudonymise('ann', 'p', ALL)).toBe(2);
        expect(await log.get([1, 2])).toEqual([
          { kind: 'interaction', userId: 'p', itemId: 'a', ...what, sessionId: expect.not.stringMatching(/^s$/) },
          { kind: 'profile', userId: 'p', at: 8 },
        ]);
      });

      it('keeps equal sessions equal and different ones different, under ids of their own', async () => {
        await log.append(['s', 't', 's', undefined].map((sessionId) => ({ ...click('a'), userId: 'ann', sessionId })));
        await log.append([{ ...click('a'), userId: 'bob', sessionId: 's' }]);
        await log.pseudonymise('ann', 'p', ALL);
        const sessions = (await log.get([1, 2, 3, 4, 5])).map((event) => (event as InteractionEvent).sessionId);
        expect(sessions[2]).toBe(sessions[0]);
        expect(new Set([...sessions, 't']).size).toBe(5);
        expect(sessions.slice(3)).toEqual([undefined, 's']);
      });

      it('keeps the name in forget events until they are included', async () => {
        await log.append([
          { ...click('a'), userId: 'ann' },
          { kind: 'forget', userId: 'ann', at: 1 },
        ]);
        expect(await log.pseudonymise('ann', 'p', { ...ALL, includeForgets: false })).toBe(1);
        expect(await log.get([2])).toEqual([{ kind: 'forget', userId: 'ann', at: 1 }]);
        expect(await log.pseudonymise('ann', 'p', ALL)).toBe(1);
        expect(await log.get([2])).toEqual([{ kind: 'forget', userId: 'p', at: 1 }]);
      });

      it('goes no further than the position it is given', async () => {
        await log.append([1, 2, 3].map(() => ({ ...click('a'), userId: 'ann' })));
        expect(await log.pseudonymise('ann', 'p', { ...ALL, upTo: 2 })).toBe(2);
        expect((await log.get([1, 2, 3])).map((event) => (event as InteractionEvent).userId)).toEqual([
          'p',
          'p',
          'ann',
        ]);
      });

      it('finds nothing to do the second time', async () => {
        await log.append([{ ...click('a'), userId: 'ann', sessionId: 's' }]);
        await log.pseudonymise('ann', 'p', ALL);
        const before = await log.get([1]);
        expect(await log.pseudonymise('ann', 'p', ALL)).toBe(0);
        expect(await log.get([1])).toEqual(before);
      });

      it('still knows the ids of what was erased', async () => {
        const clicked = { ...click('a', 'x'), userId: 'ann' };
        await log.append([clicked]);
        await log.pseudonymise('ann', 'p', ALL);
        expect((await log.append([clicked])).positions).toEqual([null]);
      });

      it('erases both users of a merge when both are erased at once', async () => {
        await log.append([{ kind: 'merge', fromUserId: 'ann', intoUserId: 'bob', at: 1 }]);
        await Promise.all([log.pseudonymise('ann', 'p', ALL), log.pseudonymise('bob', 'q', ALL)]);
        expect(await log.get([1])).toEqual([{ kind: 'merge', fromUserId: 'p', intoUserId: 'q', at: 1 }]);
      });
    });

    describe('closing', () => {
      it('is unavailable once closed, and may be closed twice', async () => {
        await log.append([click('a')]);
        await log.close();
        await log.close();
        const all = { upTo: 1, includeForgets: true, sessionSalt: 'salt' };
        await expect(log.append([click('b')])).rejects.toThrow(new LogUnavailableError('the event log is closed'));
        await expect(log.append([])).rejects.toThrow(LogUnavailableError);
        await expect(log.read(0, 1)).rejects.toThrow(LogUnavailableError);
        await expect(log.get([1])).rejects.toThrow(LogUnavailableError);
        await expect(log.pseudonymise('u', 'p', all)).rejects.toThrow(LogUnavailableError);
        expect(() => log.last()).toThrow(LogUnavailableError);
      });

      it('answers the appends that were asked for before it was closed', async () => {
        const appended = [1, 2, 3].map(() => log.append([click('a')]));
        await log.close();
        expect((await Promise.all(appended)).map(({ position }) => position).at(-1)).toBe(3);
      });
    });
  });
}

/** A click of user `u`; equal arguments give equal events. */
export function click(itemId: string, id?: string): InteractionEvent {
  return { kind: 'interaction', userId: 'u', itemId, type: 'CLICK', at: 1_507_000_000_000, ...(id && { id }) };
}

/** Each kind bare and with all it can have, and values that a careless encoding would bend. */
export const EVERY_KIND: readonly Event[] = [
  ...INTERACTION_TYPES.map((type, i) => ({ kind: 'interaction', userId: 'u', itemId: 'i', type, at: i }) as const),
  {
    kind: 'interaction',
    id: 'given',
    userId: 'Zoë 🦊',
    itemId: '42',
    type: 'PURCHASE',
    weight: 0.1,
    at: 1_507_000_000_000.5,
    sessionId: 's',
    context: { device: '1', os: '2', country: 'BR', region: '21', referrer: 'direct' },
    recommendationId: 'r',
    rank: 1,
  },
  { kind: 'interaction', userId: '', itemId: '', type: 'VIEW', weight: 0, at: -1, context: {}, rank: 7 },
  { kind: 'interaction', userId: 'u', itemId: 'i', type: 'UNDO', at: 0, context: { country: '' } },
  { kind: 'item', itemId: 'i', at: 1 },
  {
    kind: 'item',
    itemId: 'i',
    attributes: { title: 'A "b" \n', tags: ['x', null, { deep: [1.5, -2, true] }], removed: null },
    available: false,
    publishedAt: 1_500_000_000_000,
    at: 2,
  },
  { kind: 'item', itemId: 'i', attributes: {}, available: true, at: 3 },
  { kind: 'item', itemId: 'long', attributes: { text: 'wörd '.repeat(40_000) }, at: 4 },
  { kind: 'profile', userId: 'u', at: 5 },
  { kind: 'profile', userId: 'u', context: { region: '21' }, attributes: { age: 30, ['__proto__']: 'own' }, at: 6 },
  { kind: 'profile', userId: 'u', attributes: { plan: null }, at: 7 },
  { kind: 'merge', fromUserId: 'a', intoUserId: 'b', at: 8 },
  { kind: 'forget', userId: 'u', at: 9 },
  { kind: 'import', fingerprint: 'sha', rows: 2 ** 40, complete: false, at: 10 },
  { kind: 'import', fingerprint: 'sha', rows: 0, complete: true, at: 11 },
];

async function items(log: EventLog): Promise<string[]> {
  return (await log.read(0, 1_000)).map(({ event }) => (event as InteractionEvent).itemId);
}
