import { UNLIMITED } from '../../src/pipeline/budget.js';
import { createEngine } from '../../src/engine/recommend.js';
import { BUILT_IN_SCENARIOS, type Scenario } from '../../src/engine/scenario.js';
import { SOURCE_NAMES, type SourceName } from '../../src/engine/stage-name.js';
import { ablatedLists, ENGINE_SYSTEMS, engineLists, systemName } from '../../src/evaluation/systems.js';
import { type Answered } from '../../src/replay/replay.js';
import { difficultLog, replayed } from '../support/replay.js';

const K = 10;
const SCENARIO = BUILT_IN_SCENARIOS[0]!;
const EVENTS = difficultLog(9, 250);

function without(source: SourceName): Scenario {
  const { COLD, WARM } = SCENARIO.weights;
  return { ...SCENARIO, weights: { COLD: { ...COLD, [source]: 0 }, WARM: { ...WARM, [source]: 0 } } };
}

/** Every list of the log, while its state stands. */
async function each(judge: (answered: Answered) => void): Promise<void> {
  const { queries } = await replayed(EVENTS, judge);
  expect(queries).toBeGreaterThan(100);
}

describe('systems', () => {
  it('are named as reports name them', () => {
    expect(systemName('ITEM_NEIGHBOURS')).toBe('itemNeighbours');
    expect(ENGINE_SYSTEMS).toEqual([
      'ensemble',
      'ranker',
      'blend',
      'popularity',
      'newest',
      'itemNeighbours',
      'userNeighbours',
      'als',
    ]);
  });

  it('give the served list first, then the list before diversity, and none of a ranker where there is none', async () => {
    await each((answered) => {
      const { slate, order, candidates } = answered.inspection;
      const [ensemble, ranker, blend] = engineLists(answered, K);
      expect(Array.from(ensemble!)).toEqual([...slate.items.slice(0, K)]);
      expect(ranker).toBeNull();
      expect(Array.from(blend!)).toEqual([...order].slice(0, K).map((place) => candidates.items[place]));
    });
  });

  it('give each source alone what it retrieved, in its order, less what may not be shown; none of one that is off', async () => {
    let shown = 0;
    await each((answered) => {
      const { keeps } = answered.inspection;
      const alone = engineLists(answered, K).slice(3);
      answered.inspection.retrieved.forEach((retrieved, source) => {
        if (retrieved === null) return expect(alone[source]).toBeNull();
        const expected = [...retrieved.items].filter(keeps).slice(0, K);
        expect(Array.from(alone[source]!)).toEqual(expected);
        shown += expected.length;
      });
    });
    expect(shown).toBeGreaterThan(1_000);
  });

  it.each(SOURCE_NAMES)(
    'without %s give what the engine would with its weight at 0, before diversity',
    async (name) => {
      const engine = createEngine({ clock: () => 0 });
      await each((answered) => {
        const ablated = ablatedLists(answered, K)[SOURCE_NAMES.indexOf(name)]!;
        const { query } = answered.inspection.slate.asked;
        const run = engine.inspect({ ...query, startBudget: UNLIMITED, scenario: without(name) }, answered.state, null);
        const scoreOf = new Map([...run.candidates.items].map((item, place) => [item, run.scores[place]!]));
        const expected = [...run.order].slice(0, K).map((place) => run.scores[place]!);
        expect(ablated).toHaveLength(expected.length);
        // Scores by rank and not items: taking a part out of a sum leaves rounding, which may swap ties.
        ablated.forEach((item, rank) => expect(scoreOf.get(item)).toBeCloseTo(expected[rank]!, 12));
      });
    },
  );

  it('keep from a list what the reader has seen', async () => {
    await each((answered) => {
      const { state, ask } = answered;
      const [user] = state.users.read([ask.target.userId], state.position);
      const { keeps } = answered.inspection;
      for (const item of user?.history.item ?? []) expect(keeps(item)).toBe(false);
      for (const list of engineLists(answered, K)) expect(Array.from(list ?? []).every(keeps)).toBe(true);
    });
  });
});
