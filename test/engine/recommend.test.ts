import fc from 'fast-check';
import { type Event } from '../../src/events/event.js';
import { type Query } from '../../src/engine/query.js';
import { createEngine } from '../../src/engine/recommend.js';
import { BUILT_IN_SCENARIOS, SIMILAR_ITEMS } from '../../src/engine/scenario.js';
import { type Source } from '../../src/engine/source.js';
import { newest } from '../../src/engine/sources/newest.js';
import { popularity } from '../../src/engine/sources/popularity.js';
import { itemNeighbours } from '../../src/engine/sources/item-neighbours.js';
import { userNeighbours } from '../../src/engine/sources/user-neighbours.js';
import { budgetOf } from '../../src/pipeline/budget.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { idsOf, queryOf, recommendOne } from '../support/query.js';
import { click, MINUTE, NOON, stateOf } from '../support/state.js';

/** Two groups of readers with tastes of their own: each reads its block in order, and one of each withholds the last item. */
function twoBlocks(): Event[] {
  const events: Event[] = [];
  for (const block of ['a', 'b']) {
    for (let reader = 0; reader < 12; reader++) {
      for (let item = 0; item < 6; item++) {
        if (reader === 0 && item === 5) continue;
        events.push(click(`${block}-reader-${reader}`, `${block}-${item}`, reader + item));
      }
    }
  }
  return events;
}

const failing: Source = {
  name: 'NEWEST',
  retrieve() {
    throw new Error('the shelf is empty');
  },
};

describe('recommend', () => {
  it('ranks the withheld item of the reader’s own block first', () => {
    const state = stateOf(twoBlocks());
    expect(idsOf(recommendOne(state, { userId: 'a-reader-0' }), state)[0]).toBe('a-5');
    expect(idsOf(recommendOne(state, { userId: 'b-reader-0' }), state)[0]).toBe('b-5');
  });

  it('changes with the very next click', () => {
    const state = stateOf(twoBlocks());
    const before = idsOf(recommendOne(state, { userId: 'new' }), state);
    state.apply(click('new', 'b-0', 60), state.position + 1);
    const after = idsOf(recommendOne(state, { userId: 'new' }), state);
    expect(before).toContain('b-0');
    expect(after).not.toContain('b-0');
    expect(after[0]).toMatch(/^b-/);
  });

  it('knows a reader as cold until the first interaction other than an impression', () => {
    const state = stateOf([...twoBlocks(), click('new', 'a-0', 30, { type: 'IMPRESSION' })]);
    expect(recommendOne(state, { userId: 'new' }).segment).toBe('COLD');
    expect(recommendOne(state, { userId: 'nobody' }).segment).toBe('COLD');
    state.apply(click('new', 'a-0', 31), state.position + 1);
    expect(recommendOne(state, { userId: 'new' }).segment).toBe('WARM');
  });

  it('knows a reader as warm also where all was taken back, and where nothing was there to take', () => {
    const undo = (userId: string): Event => click(userId, 'a-0', 31, { type: 'UNDO' });
    const state = stateOf([...twoBlocks(), click('back', 'a-0', 30), undo('back'), undo('never')]);
    for (const userId of ['back', 'never']) expect(recommendOne(state, { userId }).segment).toBe('WARM');
  });

  it('shows an item from its time of publication on, clicked or not, and not before', () => {
    const announced = (itemId: string): Event => ({ kind: 'item', itemId, publishedAt: NOON + 90 * MINUTE, at: NOON });
    const state = stateOf([announced('future'), announced('leaked'), click('v', 'leaked', 0), click('v', 'old', 0)]);
    expect(idsOf(recommendOne(state, {}), state)).toEqual(['old']);
    expect(idsOf(recommendOne(state, { now: NOON + 90 * MINUTE }), state)).toHaveLength(3);
  });

  it('gives equal slates for equal queries and states, in any order and company', () => {
    const state = stateOf(twoBlocks());
    const engine = createEngine({ clock: () => 0 });
    const queries = ['a-reader-0', 'b-reader-3', 'nobody'].map((userId) => queryOf({ userId, id: userId }));
    const together = engine.recommend(queries, state, null);
    const alone = [...queries]
      .reverse()
      .map((query) => createEngine({ clock: () => 0 }).recommend([query], state, null)[0]);
    expect(together).toEqual(alone.reverse());
  });

  it('reads state and changes nothing', () => {
    const state = stateOf(twoBlocks());
    const before = stateHash(state);
    recommendOne(state, { userId: 'a-reader-0', context: { region: 'never seen' } });
    recommendOne(state, { userId: 'never seen', sessionId: 'never seen' });
    expect(stateHash(state)).toBe(before);
  });

  it('lists every item once, whatever the log', () => {
    const ids = fc.constantFrom('u1', 'u2', 'u3', 'u4');
    const items = fc.integer({ min: 0, max: 12 }).map((item) => `i${item}`);
    const clicks = fc.array(fc.tuple(ids, items, fc.integer({ min: 0, max: 5_000 })), { maxLength: 60 });
    fc.assert(
      fc.property(clicks, ids, (log, userId) => {
        const state = stateOf(log.map(([user, item, minutes]) => click(user, item, minutes)));
        const listed = idsOf(recommendOne(state, { userId, now: NOON + 6_000 * MINUTE }), state);
        const read = new Set(log.filter(([user]) => user === userId).map(([, item]) => item));
        expect(new Set(listed).size).toBe(listed.length);
        expect(new Set([...listed, ...read]).size).toBe(state.items.count);
      }),
      { seed: 7, numRuns: 60 },
    );
  });

  it('gives full lists and finite scores long after the log has ended', () => {
    const state = stateOf(twoBlocks());
    const now = NOON + 10 * 365 * 24 * 60 * MINUTE;
    const slate = recommendOne(state, { userId: 'a-reader-0', now });
    expect(slate.items).toHaveLength(7);
    expect([...slate.scores].every(Number.isFinite)).toBe(true);
    expect(idsOf(slate, state)[0]).toBe('a-5');
  });

  it('keeps what an old log says when somebody clicks again, years later', () => {
    const tenYears = 10 * 365 * 24 * 60;
    const long = Array.from({ length: 40 }, (_, at) =>
      twoBlocks().map((event) => ({ ...event, userId: `${at}-${(event as { userId: string }).userId}` }) as Event),
    ).flat();
    const clicks = [...long, click('newcomer', 'b-0', tenYears)];
    const state = stateOf(clicks);
    const now = NOON + (tenYears + 1) * MINUTE;
    const cold = recommendOne(state, { now });
    expect(idsOf(cold, state)).toHaveLength(12);
    expect(cold.scores[0]! / cold.scores[1]!).toBeLessThan(2);
    const similar = recommendOne(state, { now, userId: 'newcomer' });
    expect(
      idsOf(similar, state)
        .slice(0, 3)
        .every((id) => id.startsWith('b-')),
    ).toBe(true);
    const before = recommendOne(stateOf(long), { now, seedItems: ['b-0'], scenario: SIMILAR_ITEMS });
    const after = recommendOne(state, { now, seedItems: ['b-0'], scenario: SIMILAR_ITEMS });
    const neighbours = (slate: typeof before): number =>
      slate.sources.find(({ name }) => name === 'ITEM_NEIGHBOURS')!.scores[0]!;
    expect(neighbours(after)).toBeGreaterThan(neighbours(before) * 0.5);
  });

  it('answers before the first event with an empty list', () => {
    const slate = recommendOne(stateOf([]));
    expect(slate.items).toHaveLength(0);
    expect(slate.degradations).toEqual([]);
  });

  it('adds the contributions of the sources up to the score', () => {
    const slate = recommendOne(stateOf(twoBlocks()), { userId: 'a-reader-0' });
    slate.scores.forEach((score, index) => {
      const sum = slate.sources.reduce((total, { weight, scores }) => total + weight * scores[index]!, 0);
      expect(sum).toBeCloseTo(score, 12);
    });
  });

  it('goes on without a source that fails, and says so', () => {
    const state = stateOf(twoBlocks());
    const sources = [popularity, failing, itemNeighbours, userNeighbours];
    const slate = recommendOne(state, { userId: 'a-reader-0' }, { sources });
    expect(idsOf(slate, state)[0]).toBe('a-5');
    expect(slate.degradations).toEqual([
      {
        stage: 'NEWEST',
        code: 'STAGE_FAILED',
        message: 'the shelf is empty',
        instead: 'the other sources fill the list',
      },
    ]);
    expect(slate.sources.map(({ name }) => name)).not.toContain('NEWEST');
  });

  it('fills the list by popularity when every source fails', () => {
    const state = stateOf([...twoBlocks(), ...Array.from({ length: 9 }, (_, at) => click(`x${at}`, 'b-3', 40))]);
    const fails = (source: Source): Source => ({ ...failing, name: source.name });
    const sources = [popularity, newest, itemNeighbours, userNeighbours].map(fails);
    const slate = recommendOne(state, { userId: 'a-reader-0' }, { sources });
    expect(idsOf(slate, state)[0]).toBe('b-3');
    expect(slate.backfilledFrom).toBe(0);
    expect(slate.degradations).toHaveLength(4);
  });

  it('orders by popularity when the ranker fails or breaks its contract', () => {
    const state = stateOf(twoBlocks());
    const broken = { name: 'BLEND', score: () => new Float64Array(3) };
    const slate = recommendOne(state, { userId: 'a-reader-0' }, { ranker: broken });
    expect(slate.degradations).toEqual([
      {
        stage: 'BLEND',
        code: 'STAGE_FAILED',
        message: expect.stringMatching(/^ranker "BLEND" returned 3 scores for \d+ candidates$/) as string,
        instead: 'ordered by popularity',
      },
    ]);
    expect(slate.items.length).toBeGreaterThan(0);
  });

  it('fails only the query whose filter fails, never open', () => {
    const state = stateOf(twoBlocks());
    const filters = [
      {
        name: 'broken',
        prepare: ({ query }: { query: { userId: string | null } }) => {
          if (query.userId === 'a-reader-0') throw new Error('no such list');
          return null;
        },
      },
    ];
    const engine = createEngine({ clock: () => 0, filters });
    const [failed, fine] = engine.recommend([queryOf({ userId: 'a-reader-0' }), queryOf()], state, null);
    expect(failed).toBeInstanceOf(Error);
    expect(fine).toMatchObject({ degradations: [] });
  });

  it('leaves stages out when the time is over, and says which', () => {
    const state = stateOf(twoBlocks());
    let asked = 0;
    const startBudget = () => ({ exceeded: () => ++asked > 2 });
    const slate = recommendOne(state, { userId: 'a-reader-0', startBudget });
    expect(slate.items.length).toBeGreaterThan(0);
    expect(slate.degradations.map(({ stage, code }) => `${stage} ${code}`)).toEqual([
      'POPULARITY BUDGET_EXCEEDED',
      'NEWEST BUDGET_EXCEEDED',
      'ITEM_NEIGHBOURS BUDGET_EXCEEDED',
      'USER_NEIGHBOURS BUDGET_EXCEEDED',
    ]);
  });

  it('gives every query of a batch its own time, whatever its place', () => {
    const state = stateOf(twoBlocks());
    let ticks = 0;
    const clock = (): number => ticks++;
    const query = queryOf({ userId: 'a-reader-0', startBudget: budgetOf(1_000, clock) });
    const slates = createEngine({ clock }).recommend(Array<Query>(100).fill(query), state, null);
    expect(ticks).toBeGreaterThan(2_000);
    expect(slates.filter((slate) => slate instanceof Error || slate.degradations.length > 0)).toEqual([]);
  });

  it('traces what each stage took in and left, and what the filters removed', () => {
    const state = stateOf([...twoBlocks(), { kind: 'item', itemId: 'b-1', available: false, at: NOON }]);
    const { trace } = recommendOne(state, { userId: 'a-reader-0' });
    expect(trace.logPosition).toBe(state.position);
    expect(trace.stages.map(({ stage }) => stage)).toEqual([
      'POPULARITY',
      'NEWEST',
      'ITEM_NEIGHBOURS',
      'USER_NEIGHBOURS',
      'FILTERS',
      'BLEND',
      'DIVERSITY',
      'BACKFILL',
    ]);
    const filters = trace.stages[4]!;
    expect(filters.removed).toEqual([
      { filter: 'unavailable', count: 1 },
      { filter: 'already-seen', count: 5 },
    ]);
    expect(filters.candidatesIn - filters.candidatesOut).toBe(6);
  });

  it('uses each scenario’s own weights', () => {
    const fresh = BUILT_IN_SCENARIOS.find(({ name }) => name === 'fresh')!;
    const now = NOON + 2 * 24 * 60 * MINUTE;
    const state = stateOf([...twoBlocks(), { kind: 'item', itemId: 'young', at: now - MINUTE }]);
    const rankOf = (scenario: typeof fresh): number =>
      idsOf(recommendOne(state, { scenario, now }), state).indexOf('young');
    expect(rankOf(fresh)).toBe(0);
    expect(rankOf(BUILT_IN_SCENARIOS[0]!)).toBeGreaterThan(0);
  });
});
