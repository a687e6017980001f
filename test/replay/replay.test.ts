import { type Snapshot } from '../../src/engine/snapshot.js';
import { planAsks } from '../../src/replay/plan-asks.js';
import { type Answered } from '../../src/replay/replay.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { ALWAYS, difficultLog, replayed, sourceOf } from '../support/replay.js';
import { click, NOON } from '../support/state.js';

function snapshot(dataUntil: number): Snapshot {
  return { id: 'planted', createdAt: 0, dataUntil, metrics: {}, weights: null, als: null, ranker: null };
}

describe('replay', () => {
  it('makes a first list before its click, and a next list right after the click before it', async () => {
    const seen: unknown[] = [];
    const events = [click('b', 'x', 0), click('a', 'y', 1), click('b', 'z', 2), click('a', 'v', 3)];
    await replayed(events, ({ ask, state, inspection, target }) => {
      const { createdAt, segment } = inspection.slate;
      seen.push([ask.target.position, state.position, (createdAt - NOON) / 60_000, segment, target]);
    });
    expect(seen).toEqual([
      [1, 0, 0, 'COLD', -1],
      [2, 1, 1, 'COLD', -1],
      [3, 1, 0, 'WARM', -1],
      [4, 2, 1, 'WARM', -1],
    ]);
  });

  it.each([1, 2, 3])('stands before the target at every query, in log %i', async (seed) => {
    const events = difficultLog(seed, 400);
    let answered = 0;
    const { queries, seen } = await replayed(events, ({ ask, state, inspection }) => {
      answered++;
      expect(state.position).toBeLessThan(ask.target.position);
      expect(state.position).toBe(ask.after);
      expect(inspection.slate.trace.logPosition).toBe(ask.after);
    });
    const asks = await planAsks(sourceOf(events), DEFAULT_STATE_SETTINGS, ALWAYS);
    expect(queries).toBe(answered);
    expect(queries + seen).toBe(asks.length);
    expect(seen).toBeGreaterThan(0);
  });

  it('does not judge a click on what the reader had read before, and counts it', async () => {
    const judged: number[] = [];
    const events = [click('a', 'x', 0), click('a', 'y', 1), click('a', 'x', 2), click('b', 'x', 3)];
    const figures = await replayed(events, ({ ask }) => judged.push(ask.target.position));
    expect(judged).toEqual([1, 2, 4]);
    expect(figures).toMatchObject({ queries: 3, seen: 1 });
  });

  it('asks as the client would have: with user, session and the session’s context', async () => {
    const context = { region: 'north' };
    const asked: Answered[] = [];
    const named = { sessionId: 's', context };
    await replayed([click('a', 'x', 0, named), click('a', 'y', 1, named)], (one) => asked.push(one));
    const { query } = asked[1]!.inspection.slate.asked;
    expect(query).toMatchObject({ userId: 'a', sessionId: 's', context, seedItems: null, filter: null });
  });

  it('reads no further than the last list needs', async () => {
    const source = sourceOf(difficultLog(1, 200));
    const asks = (await planAsks(source, DEFAULT_STATE_SETTINGS, ALWAYS)).filter(({ after }) => after <= 50);
    const { events } = await replayed(difficultLog(1, 200), () => undefined, { asks });
    expect(events).toBe(asks.at(-1)!.after);
  });

  it('answers nothing and folds nothing without lists to ask for', async () => {
    const figures = await replayed(difficultLog(1, 20), () => undefined, { asks: [] });
    expect(figures).toMatchObject({ events: 0, queries: 0, seen: 0 });
  });

  it('hands the fold over once, before the first list', async () => {
    const order: string[] = [];
    await replayed([click('a', 'x', 0), click('a', 'y', 1)], ({ ask }) => order.push(`list ${ask.after}`), {
      onReady: (fold) => {
        order.push(`ready ${fold.position}`);
        return Promise.resolve();
      },
    });
    expect(order).toEqual(['ready 0', 'list 0', 'list 1']);
  });

  it('refuses a snapshot that knows the future', async () => {
    const planted = { at: () => snapshot(NOON + 1) };
    await expect(replayed([click('a', 'x', 0)], () => undefined, { snapshots: planted })).rejects.toMatchObject({
      code: 'SNAPSHOT_FROM_FUTURE',
      message: 'snapshot planted knows data until 2026-01-05T12:00:00.001Z, the query is of 2026-01-05T12:00:00.000Z',
    });
  });

  it('takes a snapshot whose data ends at the query, and hands it to the engine', async () => {
    const used: (string | undefined)[] = [];
    const exact = { at: () => snapshot(NOON) };
    await replayed([click('a', 'x', 0)], (one) => used.push(one.snapshot?.id, one.inspection.slate.snapshot?.id), {
      snapshots: exact,
    });
    expect(used).toEqual([snapshot(NOON).id, snapshot(NOON).id]);
  });

  it('refuses a plan whose target is in the state already', async () => {
    const events = [click('a', 'x', 0), click('a', 'y', 1)];
    const [first] = await planAsks(sourceOf(events), DEFAULT_STATE_SETTINGS, ALWAYS);
    const asks = [{ ...first!, after: 1 }];
    await expect(replayed(events, () => undefined, { asks })).rejects.toMatchObject({
      code: 'TARGET_ALREADY_FOLDED',
      message: 'the click at position 1 is in the state, which stands at 1',
    });
  });
});
