import { quality } from '../../src/evaluation/report.js';
import { type Judged, Tally } from '../../src/evaluation/tally.js';
import { stateOf } from '../support/state.js';

const SYSTEMS = ['ensemble', 'ranker', 'blend', 'als', 'livePopularity'];
const LISTS = 400;
const SAMPLED = 40;

/**
 * The ensemble finds the item in three of four lists, live popularity in every second one. `als` is off for all lists but
 * every tenth, which are the sampled ones, and in one more that is not sampled; nobody ever asked `ranker`.
 */
function tally(): Tally {
  const filled = new Tally(SYSTEMS);
  const state = stateOf([]);
  for (let at = 0; at < LISTS; at++) {
    const isSampled = at % 10 === 0;
    const hit = at % 4 !== 3 ? 1 : 0;
    const judged: Judged = {
      userId: `u${at % 50}`,
      slice: 'next',
      ranks: [hit, null, hit, isSampled ? (at % 20 === 0 ? 1 : 0) : at === 1 ? 1 : null, at % 2 === 0 ? 1 : 0],
      isSampled,
      ablated: [0, 0, 0, 0, 0],
      at: 0,
      historyLength: 0,
      itemAgeMs: 0,
      region: null,
    };
    filled.add(
      judged,
      SYSTEMS.map((_, system) => (judged.ranks[system] === null ? null : [])),
      state,
      0,
    );
  }
  return filled;
}

describe('quality', () => {
  const { slices, differences, breakdowns } = quality(tally(), { catalogue: 1, seed: 1 });

  it('judges a system that was off for some lists on the sampled ones, with their number', () => {
    expect(slices.all.systems['als']).toMatchObject({ n: SAMPLED, hr: 0.5 });
    expect(slices.all.systems['ensemble']).toMatchObject({ n: LISTS, hr: 0.75 });
    expect(slices.next.systems['als']!.n).toBe(SAMPLED);
  });

  it('sets it against the others on these lists alone', () => {
    // Of the sampled lists every one is even: live popularity finds all of them, the ensemble those that are not 3 of 4.
    expect(differences.all.overLivePopularity['als']!.hr.mean).toBeCloseTo(0.5 - 1, 12);
    expect(differences.all.ensembleOver['als']!.hr.mean).toBeCloseTo(1 - 0.5, 12);
    expect(differences.all.ensembleOver['livePopularity']!.hr.mean).toBeCloseTo(0.75 - 0.5, 12);
  });

  it('leaves out a system that nobody ever asked, rather than to give it zeros', () => {
    expect(Object.keys(slices.all.systems)).toEqual(['ensemble', 'blend', 'als', 'livePopularity']);
    expect(differences.all.ensembleOver).not.toHaveProperty('ranker');
  });

  it('breaks down those only that were asked for every list', () => {
    expect(Object.keys(breakdowns.hour[0]!.hr)).toEqual(['ensemble', 'blend', 'livePopularity']);
  });
});
