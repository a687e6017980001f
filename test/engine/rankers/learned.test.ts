import { createEngine, type Inspection } from '../../../src/engine/recommend.js';
import { explain } from '../../../src/engine/explain.js';
import { type Query } from '../../../src/engine/query.js';
import { BUILT_IN_SCENARIOS } from '../../../src/engine/scenario.js';
import { type Snapshot } from '../../../src/engine/snapshot.js';
import { ensembleOf, rankedBy } from '../../support/ensembles.js';
import { queryOf } from '../../support/query.js';
import { click, MINUTE, NOON, stateOf } from '../../support/state.js';

/** Items i0..i39, the later the less clicked; the odd ones are younger than 20 minutes. */
const STATE = stateOf(
  Array.from({ length: 40 }, (_, item) =>
    Array.from({ length: 41 - item }, (__, at) => click(`p${item}-${at}`, `i${item}`, item % 2 === 0 ? 0 : 50)),
  )
    .flat()
    .sort((a, b) => a.at - b.at)
    .concat(click('u', 'i0', 55)),
);
/** Young first, then what is more than a thirtieth of all clicks. */
const NAMES = ['share_all_1d', 'age'];
const YOUNG_FIRST = ensembleOf(
  [
    { feature: 'age', threshold: Math.log1p(20), low: 2, high: -1, counts: [3, 1] },
    { feature: 'share_all_1d', threshold: Math.log(1 / 30), low: 0, high: 0.5 },
  ],
  NAMES,
);
const NO_DIVERSITY = {
  ...BUILT_IN_SCENARIOS[0]!,
  diversity: { lambda: 1, attributes: [], caps: [] },
};

function inspect(snapshot: Snapshot | null, rest: Partial<Query> = {}): Inspection {
  const query = queryOf({ userId: 'u', now: NOON + 60 * MINUTE, scenario: NO_DIVERSITY, ...rest });
  return createEngine({ clock: () => 0 }).inspect(query, STATE, snapshot);
}
const numbers = ({ slate }: Inspection): number[] =>
  [...slate.items].map((item) => Number(STATE.items.id(item).slice(1)));

describe('a learned ranker', () => {
  it('makes the order, equal scores by index, and leaves nothing out that the blend had', () => {
    const ranked = inspect(rankedBy(YOUNG_FIRST));
    const odd = numbers(ranked).slice(0, 20);
    expect(odd.every((item) => item % 2 === 1)).toBe(true);
    expect([...odd.slice(0, 3)]).toEqual([1, 3, 5]);
    expect([...numbers(ranked)].sort()).toEqual([...numbers(inspect(null))].sort());
    expect(ranked.slate.scores[0]).toBe(2.5);
    expect(ranked.slate.trace.stages.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['BLEND', 'RANKER']));
  });

  it('keeps the blend’s scores and ranks beside its own', () => {
    const ranked = inspect(rankedBy(YOUNG_FIRST)).slate;
    const blended = inspect(null).slate;
    const byItem = new Map([...blended.items].map((item, at) => [item, blended.scores[at]!]));
    [...ranked.items].forEach((item, at) => expect(ranked.blend[at]).toBe(byItem.get(item)));
    expect([...ranked.blendRanks].sort((a, b) => a - b)).toEqual(Array.from(blended.items, (_, at) => at + 1));
    expect(ranked.ranker!.ranks[0]).toBe(1);
  });

  it('says of each item what it went by', () => {
    const { slate } = inspect(rankedBy(YOUNG_FIRST));
    const { features } = slate.ranker!;
    expect(features).toHaveLength(slate.items.length * NAMES.length);
    [...slate.items].forEach((_, index) => {
      const age = features[index * NAMES.length + 1]!;
      expect(age).toBeCloseTo(Math.log1p(numbers({ slate } as Inspection)[index]! % 2 === 1 ? 10 : 60), 5);
    });
  });

  it('is left out of scenarios that have weights of their own', () => {
    const fresh = { ...NO_DIVERSITY, name: 'fresh', fitted: false };
    const { slate, learned } = inspect(rankedBy(YOUNG_FIRST), { scenario: fresh });
    expect(learned).toBeNull();
    expect(slate.ranker).toBeNull();
    expect(slate.degradations).toEqual([]);
  });

  it('that fails leaves the blend’s order, and the answer says so', () => {
    const foreign = rankedBy(ensembleOf([], ['no_such_feature']));
    const { slate, learned } = inspect(foreign);
    expect(learned).toBeNull();
    expect(slate.degradations).toEqual([
      {
        stage: 'RANKER',
        code: 'STAGE_FAILED',
        message: 'the model has feature "no_such_feature" in column 0, which is not known here',
        instead: 'ordered by the blend',
      },
    ]);
    expect(numbers({ slate } as Inspection)).toEqual(numbers(inspect(null)));
  });

  it('is left out where the time for the list is over', () => {
    // The ranker is the last to ask for the time.
    let asked = 0;
    const over = (limit: number) => () => ({ exceeded: () => ++asked >= limit });
    inspect(rankedBy(YOUNG_FIRST), { startBudget: over(Infinity) });
    const [all] = [asked, (asked = 0)];
    const { slate } = inspect(rankedBy(YOUNG_FIRST), { startBudget: over(all) });
    expect(slate.degradations).toEqual([expect.objectContaining({ stage: 'RANKER', code: 'BUDGET_EXCEEDED' })]);
  });

  it('scores what fills the list like the rest', () => {
    const quotas = { POPULARITY: 5, NEWEST: 0, ITEM_NEIGHBOURS: 0, USER_NEIGHBOURS: 0, ALS: 0 };
    const { slate } = inspect(rankedBy(YOUNG_FIRST), { scenario: { ...NO_DIVERSITY, quotas }, size: 30 });
    expect(slate.backfilledFrom).toBeLessThan(10);
    for (let index = slate.backfilledFrom; index < slate.items.length; index++) {
      const [share, age] = slate.ranker!.features.subarray(index * NAMES.length, (index + 1) * NAMES.length);
      const score = (age! <= Math.log1p(20) ? 2 : -1) + (share! <= Math.log(1 / 30) ? 0 : 0.5);
      expect(slate.scores[index]).toBe(score);
      expect(slate.ranker!.ranks[index]).toBe(0);
    }
  });

  it('is explained: base score and reasons add up to the score, features one by one', () => {
    const snapshot = rankedBy(YOUNG_FIRST);
    const { slate } = inspect(snapshot);
    [...slate.items].forEach((_, index) => {
      const { baseScore, reasons, features } = explain(slate, index, STATE, snapshot.ranker);
      const sum = (of: readonly number[]): number => of.reduce((total, value) => total + value, baseScore!);
      expect(sum(reasons.map(({ weight }) => weight))).toBeCloseTo(slate.scores[index]!, 9);
      expect(sum(features.map(({ contribution }) => contribution))).toBeCloseTo(slate.scores[index]!, 9);
    });
    const { baseScore, reasons, text } = explain(slate, 0, STATE, snapshot.ranker);
    expect(baseScore).toBeCloseTo((2 * 3 - 1) / 4 + 0.25, 9);
    expect(reasons).toEqual([
      expect.objectContaining({ kind: 'NEWNESS', weight: expect.closeTo(0.75, 9), text: 'new' }),
      expect.objectContaining({ kind: 'POPULARITY', scope: 'all', weight: expect.closeTo(0.25, 9) }),
    ]);
    expect(text).toBe('New; popular now.');
    const last = explain(slate, 30, STATE, snapshot.ranker);
    expect(last.reasons.some(({ weight }) => weight < 0)).toBe(true);
  });

  it('splits what the blend brought by the blend’s own reasons', () => {
    const threshold = inspect(null).slate.scores[15]!;
    const snapshot = rankedBy(ensembleOf([{ feature: 'score_blend', threshold, low: -1, high: 1 }], ['score_blend']));
    const { slate } = inspect(snapshot);
    const { reasons, baseScore } = explain(slate, 0, STATE, snapshot.ranker);
    expect(reasons.length).toBeGreaterThan(1);
    expect(new Set(reasons.map(({ kind, text }) => `${kind} ${text}`)).size).toBe(reasons.length);
    expect(reasons.reduce((sum, { weight }) => sum + weight, baseScore!)).toBeCloseTo(1, 9);
    expect(reasons.every(({ weight }) => weight > 0)).toBe(true);
  });

  it('says of a scope whose value is not known that it is not', () => {
    const snapshot = rankedBy(
      ensembleOf([{ feature: 'share_region_30m', threshold: -3, low: 0, high: 1 }], ['share_region_30m']),
    );
    const { slate } = inspect(snapshot);
    const texts = explain(slate, 0, STATE, snapshot.ranker).reasons.map(({ text }) => text);
    expect(texts).toEqual(['popular whatever the region']);
  });

  it('that is no longer at hand leaves one reason for the whole score', () => {
    const { slate } = inspect(rankedBy(YOUNG_FIRST));
    expect(explain(slate, 0, STATE, null)).toMatchObject({
      baseScore: null,
      reasons: [{ kind: 'RANKER', weight: slate.scores[0] }],
      features: [],
    });
  });

  it('hands diversity odds: lists near in score are mixed, those far apart are not', () => {
    const scenario = { ...NO_DIVERSITY, diversity: { lambda: 0.5, attributes: [], caps: [] } };
    const { slate } = inspect(rankedBy(YOUNG_FIRST), { scenario });
    expect(slate.diversity[0]).toBeCloseTo(0.5, 9);
    expect([...slate.diversity].filter((value) => !Number.isNaN(value)).every((value) => value <= 0.5)).toBe(true);
  });
});
