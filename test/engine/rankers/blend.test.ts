import { type Candidates } from '../../../src/engine/candidate.js';
import { resolveQueries } from '../../../src/engine/query.js';
import { rank } from '../../../src/engine/ranker.js';
import { blend } from '../../../src/engine/rankers/blend.js';
import { BUILT_IN_SCENARIOS } from '../../../src/engine/scenario.js';
import { type World } from '../../../src/engine/source.js';
import { queryOf } from '../../support/query.js';
import { click, stateOf } from '../../support/state.js';

const candidates: Candidates = {
  count: 2,
  items: Int32Array.of(5, 6),
  scores: [
    [0.5, 0.1],
    [1, 0],
    [0, 1],
    [0.25, NaN],
    [0, 0],
  ].map((column) => Float64Array.from(column)),
  ranks: [],
};
const weights = { POPULARITY: 0.6, NEWEST: 0.3, ITEM_NEIGHBOURS: 0.1, USER_NEIGHBOURS: 0, ALS: 0 };
const none = { POPULARITY: 0, NEWEST: 0, ITEM_NEIGHBOURS: 0, USER_NEIGHBOURS: 0, ALS: 0 };
const scenario = { ...BUILT_IN_SCENARIOS[0]!, weights: { COLD: weights, WARM: none } };
const state = stateOf([click('warm', 'a', 0)]);
const queryFor = (userId: string) => resolveQueries([queryOf({ scenario, userId })], state, null)[0]!;

describe('blend', () => {
  it('adds up what the sources say by the weights of the segment; a source without weight says nothing', () => {
    expect([...rank(blend, queryFor('cold'), candidates, {} as World)]).toEqual(
      [0.6, 0.16].map((sum) => expect.closeTo(sum, 12) as number),
    );
    expect([...rank(blend, queryFor('warm'), candidates, {} as World)]).toEqual([0, 0]);
  });
});
