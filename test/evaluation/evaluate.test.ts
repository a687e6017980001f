import { BUILT_IN_SCENARIOS } from '../../src/engine/scenario.js';
import { type Baseline } from '../../src/replay/baseline.js';
import { snapshotTimeline } from '../../src/replay/snapshot-timeline.js';
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
    expect(JSON.stringify(report)).not.toMatch(/NaN|null/);
  });
});
