import { RankerTally } from '../../src/evaluation/ranker-tally.js';
import { createEngine } from '../../src/engine/recommend.js';
import { BUILT_IN_SCENARIOS } from '../../src/engine/scenario.js';
import { type Snapshot } from '../../src/engine/snapshot.js';
import { planAsks } from '../../src/replay/plan-asks.js';
import { replay } from '../../src/replay/replay.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';
import { Fold } from '../../src/replay/fold.js';
import { LiveState } from '../../src/state/live-state.js';
import { MemoryUserRecords } from '../../src/profiles/memory-user-records.js';
import { ensembleOf, rankedBy, type Stump } from '../support/ensembles.js';
import { ALWAYS, difficultLog, sourceOf } from '../support/replay.js';

const EVENTS = difficultLog(4, 900);

/** What the tally says of a ranker of these stumps over all lists of the log. */
async function figuresOf(snapshot: Snapshot | null) {
  const source = sourceOf(EVENTS);
  const tally = new RankerTally(10, 1);
  await replay({
    source,
    asks: await planAsks(source, DEFAULT_STATE_SETTINGS, ALWAYS),
    fold: new Fold(new LiveState(DEFAULT_STATE_SETTINGS, new MemoryUserRecords()), []),
    engine: createEngine({ clock: () => 0 }),
    scenario: BUILT_IN_SCENARIOS[0]!,
    snapshots: { at: () => snapshot && { ...snapshot, dataUntil: 0 } },
    clock: () => 0,
    onAnswer: (answered) => tally.add(answered),
  });
  return tally.figures();
}

const NAMES = ['score_popularity', 'score_item_neighbours', 'share_all_3m', 'hour'];
const popular: Stump[] = [0.01, 0.02, 0.03, 0.05, 0.08].map((threshold) => ({
  feature: 'score_popularity',
  threshold,
  low: 0,
  high: 1,
  counts: [9, 1],
}));

describe('RankerTally', () => {
  it('finds that what the ranker goes by is what it loses by, and nothing else', async () => {
    const { groups, sources, contributions } = (await figuresOf(rankedBy(ensembleOf(popular, NAMES))))!;
    expect(groups.POPULARITY.lostHr.mean).toBeGreaterThan(0.05);
    expect(groups.POPULARITY.lostHr.low).toBeGreaterThan(0);
    for (const group of ['COLLABORATIVE', 'ALS', 'NEURAL', 'AFFINITY', 'TEMPORAL'] as const) {
      expect(groups[group].lostHr).toEqual({ mean: 0, low: 0, high: 0 });
    }
    expect(sources['popularity']!.lostHr.mean).toBeGreaterThan(0.05);
    expect(contributions[0]!.name).toBe('score_popularity');
    expect(contributions.slice(1).every(({ mean }) => mean === 0)).toBe(true);
  });

  it('foretells on the second half of the lists about what is seen there', async () => {
    const { calibration } = (await figuresOf(rankedBy(ensembleOf(popular, NAMES))))!;
    const sum = (of: (bin: (typeof calibration)[number]) => number): number =>
      calibration.reduce((total, bin) => total + bin.n * of(bin), 0);
    expect(calibration).toHaveLength(10);
    expect(sum(({ observed }) => observed)).toBeGreaterThan(20);
    expect(sum(({ predicted }) => predicted) / sum(({ observed }) => observed)).toBeCloseTo(1, 0);
    for (const { predicted } of calibration) expect(predicted).toBeLessThanOrEqual(1);
  });

  it('says nothing where no ranker ordered a list', async () => {
    expect(await figuresOf(null)).toBeNull();
  });
});
