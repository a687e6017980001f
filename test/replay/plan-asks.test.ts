import { type Event, type InteractionEvent } from '../../src/events/event.js';
import { type EventSource } from '../../src/events/event-source.js';
import { type Ask } from '../../src/replay/ask.js';
import { type AskWindow, planAsks } from '../../src/replay/plan-asks.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { ALWAYS, difficultLog, sourceOf } from '../support/replay.js';
import { click, MINUTE, NOON } from '../support/state.js';

const GAP_MS = DEFAULT_STATE_SETTINGS.sessionGapMs;

function plan(events: readonly Event[], window: Partial<AskWindow> = {}): Promise<readonly Ask[]> {
  return planAsks(sourceOf(events), DEFAULT_STATE_SETTINGS, { ...ALWAYS, ...window });
}

const minuteOf = (at: number): number => (at - NOON) / MINUTE;

describe('planAsks', () => {
  it('asks for a session’s first list at its first click, on the state before it', async () => {
    const asks = await plan([click('other', 'x', 0), click('a', 'y', 5, { sessionId: 's' })]);
    expect(asks[1]).toMatchObject({ after: 1, now: NOON + 5 * MINUTE, isStart: true, sessionId: 's' });
    expect(asks[1]!.target).toEqual({ position: 2, userId: 'a', itemId: 'y', at: NOON + 5 * MINUTE });
  });

  it('asks for the list of a next click at the click before it, whatever happened in between', async () => {
    const asks = await plan([
      click('a', 'x', 0, { sessionId: 's' }),
      click('b', 'x', 1),
      click('c', 'z', 2),
      click('a', 'y', 9, { sessionId: 's' }),
    ]);
    const next = asks.find(({ target }) => target.position === 4)!;
    expect(next).toMatchObject({ after: 1, now: NOON, isStart: false });
  });

  it('gives every list the context of its session’s first event', async () => {
    const first = { region: 'north' };
    const asks = await plan([
      click('a', 'x', 0, { context: first }),
      click('a', 'y', 1, { context: { region: 'south' } }),
      click('a', 'z', 2),
      click('b', 'x', 3),
    ]);
    expect(asks.map(({ context }) => context)).toEqual([first, first, first, null]);
  });

  it('ends an unnamed session after the gap, and never a named one', async () => {
    const starts = async (rest: Partial<InteractionEvent>): Promise<boolean[]> => {
      const over = GAP_MS / MINUTE + 1;
      const events = [0, 5, 5 + over].map((minute, at) => click('a', `i${at}`, minute, rest));
      return (await plan(events)).map(({ isStart }) => isStart);
    };
    expect(await starts({})).toEqual([true, false, true]);
    expect(await starts({ sessionId: 's' })).toEqual([true, false, false]);
  });

  it('keeps sessions that run side by side apart', async () => {
    const events = [
      click('a', 'x', 0, { sessionId: 'one' }),
      click('a', 'y', 1, { sessionId: 'two' }),
      click('a', 'z', 2),
      click('b', 'x', 3, { sessionId: 'one' }),
      click('a', 'v', 4, { sessionId: 'one' }),
      click('a', 'w', 5),
      click('a', 'u', 6, { sessionId: 'two' }),
    ];
    const asks = await plan(events);
    const afterOf = (position: number): number => asks.find(({ target }) => target.position === position)!.after;
    expect([1, 2, 3, 4, 5, 6, 7].map(afterOf)).toEqual([0, 1, 2, 3, 1, 3, 2]);
  });

  it('asks nothing of what is no click', async () => {
    const events = [
      click('a', 'x', 0, { type: 'IMPRESSION' }),
      { kind: 'item', itemId: 'y', at: NOON } as const,
      click('a', 'x', 1, { type: 'DISLIKE' }),
      click('a', 'x', 2),
    ];
    expect((await plan(events)).map(({ target, isStart }) => [target.position, isStart])).toEqual([[4, true]]);
  });

  it('never asks for a list after the click that it is judged by, late ones among them', async () => {
    const [, late] = await plan([click('a', 'x', 20), click('a', 'y', 10)]);
    expect([late!.after, minuteOf(late!.now), late!.isStart]).toEqual([1, 10, false]);
  });

  it.each([1, 2, 3])('knows neither the target nor what came after the list was shown, in log %i', async (seed) => {
    const events = difficultLog(seed, 400);
    const asks = await plan(events);
    expect(asks.length).toBeGreaterThan(300);
    for (const { target, after, now, isStart, sessionId } of asks) {
      expect(after).toBeLessThan(target.position);
      expect(now).toBeLessThanOrEqual(target.at);
      const before = events[after - 1];
      if (isStart) expect(after).toBe(target.position - 1);
      else expect(before).toMatchObject({ kind: 'interaction', userId: target.userId });
      if (sessionId === null) continue;
      const earlier = events.findLastIndex(
        (event, at) =>
          at < target.position - 1 &&
          event.kind === 'interaction' &&
          event.type !== 'IMPRESSION' &&
          event.userId === target.userId &&
          event.sessionId === sessionId,
      );
      expect(isStart).toBe(earlier === -1);
      if (!isStart) expect(after).toBe(earlier + 1);
    }
    const order = asks.map(({ after }) => after);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  });

  it('takes clicks from the start of the window until before its end', async () => {
    const events = [0, 1, 2, 3].map((minute) => click('a', `i${minute}`, minute));
    const asks = await plan(events, { from: NOON + MINUTE, to: NOON + 3 * MINUTE });
    expect(asks.map(({ target }) => minuteOf(target.at))).toEqual([1, 2]);
    // What came before the window is known of the session all the same.
    expect(asks.map(({ isStart }) => isStart)).toEqual([false, false]);
  });

  it('samples by a hash of click and seed: the same clicks again, others under another seed, about the part asked for', async () => {
    const events = Array.from({ length: 2_000 }, (_, at) => click(`u${at}`, 'x', at));
    const sampled = async (sample: number, seed: number): Promise<readonly number[]> =>
      (await plan(events, { sample, seed })).map(({ target }) => target.position);
    const some = await sampled(0.3, 1);
    expect(await sampled(0.3, 1)).toEqual(some);
    expect(await sampled(0.3, 2)).not.toEqual(some);
    expect(some.length).toBeGreaterThan(520);
    expect(some.length).toBeLessThan(680);
    expect(await sampled(0.6, 1)).toEqual(expect.arrayContaining([...some]));
    expect(await sampled(1, 1)).toHaveLength(2_000);
  });

  it.each([1, 2, 3])(
    'is the same where it stops at the window’s end, as it may in the order of time, in log %i',
    async (seed) => {
      const events = difficultLog(seed, 400).sort((a, b) => a.at - b.at);
      const whole = sourceOf(events);
      const window = { ...ALWAYS, from: NOON + 100 * MINUTE, to: NOON + 300 * MINUTE };
      let read = 0;
      const stopping: EventSource = {
        ...whole,
        inTimeOrder: true,
        async *read(after) {
          for await (const entries of whole.read(after)) {
            read += entries.length;
            yield entries;
          }
        },
      };
      const asks = await planAsks(stopping, DEFAULT_STATE_SETTINGS, window);
      expect(asks.length).toBeGreaterThan(10);
      expect(asks).toEqual(await planAsks(whole, DEFAULT_STATE_SETTINGS, window));
      expect(read).toBeLessThan(events.length - 50);
    },
  );
});
