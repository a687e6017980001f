import { BUILT_IN_SCENARIOS } from '../../src/engine/scenario.js';
import { AlsModel } from '../../src/engine/als/als-model.js';
import { type Event } from '../../src/events/event.js';
import { type Baseline } from '../../src/replay/baseline.js';
import { LivePopularity } from '../../src/replay/live-popularity.js';
import { snapshotTimeline } from '../../src/replay/snapshot-timeline.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { alsParts, weightsOf } from '../support/fitted.js';
import { difficultLog, digestOf, evaluated } from '../support/replay.js';
import { click, NOON } from '../support/state.js';

/** Readers of a block read its six items one after the other; who has read five is to be shown the sixth. */
const BLOCKS = ['a', 'b']
  .flatMap((block, side) =>
    Array.from({ length: 12 }, (_, reader) =>
      Array.from({ length: 6 }, (_, item) =>
        click(`${block}${reader}`, `${block}-${item}`, reader * 8 + item + side * 0.5, { context: { region: block } }),
      ),
    ).flat(),
  )
  .sort((a, b) => a.at - b.at);

describe('evaluate', () => {
  it('counts each click once: judged or read before, in one slice, unborn where no list could hold it', async () => {
    const report = await evaluated([
      click('a', 'x', 0), // cold, and x is new
      click('a', 'y', 1), // next, y is new
      click('b', 'x', 2), // cold
      click('b', 'x', 3), // read before
      click('b', 'y', 4), // next
      click('a', 'z', 90), // warm, z is new
    ]);
    expect(report.queries).toBe(5);
    expect(report.unscored).toEqual({ seen: 1 });
    expect(report.unborn).toBe(3);
    const { all, coldStart, warmStart, next } = report.slices;
    expect([all, coldStart, warmStart, next].map(({ n, users }) => [n, users])).toEqual([
      [5, 2],
      [2, 2],
      [1, 1],
      [2, 2],
    ]);
    // b is shown x (of x and y) at first, and y after x; the catalogue never came to hold z.
    expect(all.systems.ensemble).toMatchObject({ n: 5, hr: 2 / 5 });
    expect(next.systems.ensemble).toMatchObject({ hr: 1 / 2, ndcg: 1 / 2, mrr: 1 / 2, coverage: 1 / 2 });
    expect(report.breakdowns.itemAge.find(({ label }) => label === 'unborn')?.n).toBe(3);
  });

  it('finds the source that knows the world to be better than live popularity, beyond its interval', async () => {
    const { slices, differences, ablation } = await evaluated(BLOCKS, { from: NOON + 30 * 60_000, k: 1 });
    const { itemNeighbours, livePopularity } = slices.next.systems;
    expect(itemNeighbours!.hr).toBeGreaterThan(0.9);
    expect(livePopularity!.hr).toBeLessThan(0.6);
    const { mean, low, high } = differences.next.overLivePopularity.itemNeighbours!.hr;
    expect(mean).toBeCloseTo(itemNeighbours!.hr - livePopularity!.hr, 12);
    expect(low).toBeGreaterThan(0);
    expect(high).toBeGreaterThanOrEqual(mean);
    expect(Object.keys(ablation)).toEqual(['popularity', 'newest', 'itemNeighbours', 'userNeighbours', 'als']);
  });

  it('judges a source alone by what it would say, also where the weights turn it off', async () => {
    const { WARM, COLD } = BUILT_IN_SCENARIOS[0]!.weights;
    const off = { ...BUILT_IN_SCENARIOS[0]!, weights: { COLD, WARM: { ...WARM, ITEM_NEIGHBOURS: 0 } } };
    const [on, without] = [
      await evaluated(difficultLog(1, 300)),
      await evaluated(difficultLog(1, 300), { scenario: off }),
    ];
    const hits = (evaluation: typeof on, system: string): number => evaluation.slices.all.systems[system]!.hr;
    expect(hits(on, 'itemNeighbours')).toBeGreaterThan(0);
    expect(hits(without, 'itemNeighbours')).toBe(hits(on, 'itemNeighbours'));
    expect(without.ablation['itemNeighbours']!.lostHr.mean).toBe(0);
  });

  it('sets other recommenders beside the engine, over the same queries', async () => {
    const oracle: Baseline = { name: 'oracle', best: (_, { target }) => (target === -1 ? [] : [target]) };
    const { slices, queries, unborn, breakdowns } = await evaluated(BLOCKS, { baselines: [oracle] });
    expect(slices.all.systems.oracle!.hr).toBeCloseTo((queries - unborn) / queries, 12);
    expect(breakdowns.region[0]!.hr).toHaveProperty('oracle');
  });

  it('gives no system what the engine’s own filters remove: read, unavailable, or not published yet', async () => {
    const hidden: Event[] = [
      { kind: 'item', itemId: 'a-0', publishedAt: NOON + 10_000 * 60_000, at: NOON - 1 },
      { kind: 'item', itemId: 'a-1', available: false, at: NOON - 1 },
    ];
    const kept = new Map<string, Set<boolean>>([
      ['a-0', new Set()],
      ['a-1', new Set()],
      ['a-2', new Set()],
    ]);
    const listed: string[] = [];
    const popularity = new LivePopularity(DEFAULT_STATE_SETTINGS.weights);
    for (const event of BLOCKS) popularity.apply(event);
    const watching: Baseline = {
      name: 'watching',
      best(count, answered, keeps) {
        const { items } = answered.state;
        for (const [id, says] of kept) if (items.find(id) !== -1) says.add(keeps(items.find(id)));
        const found = popularity.best(count, answered, keeps);
        listed.push(...found.map((item) => items.id(item)));
        return found;
      },
    };
    await evaluated([...hidden, ...BLOCKS], { baselines: [watching] });
    expect([...kept.values()].map((says) => [...says].sort())).toEqual([[false], [false], [false, true]]);
    expect(listed).toContain('a-2');
    expect(listed).not.toContain('a-0');
    expect(listed).not.toContain('a-1');
  });

  it.each([
    ['of items that the catalogue lacks', (at: number) => `elsewhere-${at}`],
    ['of items that readers have mostly read', (at: number) => `i${at % 3}`],
    ['of the whole catalogue', (at: number) => `i${at}`],
  ])('holds finite numbers only with factors %s', async (_, idOf) => {
    const itemIds = [...new Set(Array.from({ length: 40 }, (__, at) => idOf(at)))];
    const als = new AlsModel(alsParts(itemIds));
    const snapshot = { id: 'fitted', createdAt: 0, dataUntil: 0, metrics: {}, weights: weightsOf(), als, ranker: null };
    const report = await evaluated(difficultLog(2, 300), { snapshots: snapshotTimeline([snapshot]) });
    expect(report.snapshots).toEqual({ fitted: report.queries });
    const odd: string[] = [];
    JSON.stringify(report, (name, value: unknown) => {
      if (typeof value === 'number' && !Number.isFinite(value)) odd.push(name);
      return value;
    });
    expect(odd).toEqual(['to']); // the window has no end
  });

  it('uses for each query the newest snapshot that is not after it, and says which by how many', async () => {
    const events = [0, 10, 20, 30].map((minute) => click(`u${minute}`, 'x', minute));
    const fitted = (id: string, minute: number) => ({
      id,
      createdAt: 0,
      dataUntil: NOON + minute * 60_000,
      metrics: {},
      weights: null,
      als: null,
      ranker: null,
    });
    const snapshots = snapshotTimeline([fitted('early', 10), fitted('late', 25)]);
    expect((await evaluated(events, { snapshots })).snapshots).toEqual({ none: 1, early: 2, late: 1 });
  });

  it('gives the same bytes twice, but for the times of folding and answering', async () => {
    const events = difficultLog(4, 200);
    const times: unknown[] = [];
    const run = async () => {
      const report = await evaluated(events, { sample: 0.7 });
      times.push(report.fold, report.serve);
      return digestOf(report);
    };
    expect(await run()).toBe(await run());
    expect(times[0]).toMatchObject({ events: expect.any(Number) as number });
  });

  it('reports its progress from reading to asking', async () => {
    const stages = new Set<string>();
    await evaluated(BLOCKS, { from: NOON + 30 * 60_000, onProgress: ({ stage }) => stages.add(stage) });
    expect([...stages]).toEqual(['reading', 'folding', 'asking']);
  });

  it('gives zeros, not nonsense, for a window without clicks', async () => {
    const report = await evaluated(BLOCKS, { from: 0, to: 1 });
    expect(report.queries).toBe(0);
    expect(report.slices.all.systems.ensemble).toMatchObject({ n: 0, hr: 0, hrInterval: { low: 0, high: 0 } });
    expect(report.ranker).toBeNull();
    expect(JSON.stringify({ ...report, ranker: 0 })).not.toMatch(/NaN|null/);
  });
});
