import { MOMENTS } from '../../../src/engine/blend-weights.js';
import { SOURCE_NAMES } from '../../../src/engine/stage-name.js';
import { EVIDENCE } from '../../../src/engine/sources/popularity.js';
import { type Event } from '../../../src/events/event.js';
import { DEFAULT_STATE_SETTINGS } from '../../../src/state/state-settings.js';
import { Observations } from '../../../src/training/blend/observations.js';
import { difficultLog, replayed } from '../../support/replay.js';
import { click, MINUTE, stateOf } from '../../support/state.js';

const { scopes, halfLivesMs } = DEFAULT_STATE_SETTINGS;

async function observed(events: readonly Event[]): Promise<Observations> {
  const observations = new Observations(stateOf([]));
  await replayed(events, (answered) => observations.add(answered));
  return observations;
}

describe('observations of a replay', () => {
  it('hold what each scope at each half-life gave to the click, and how much it had seen', async () => {
    const shown = click('c', 'x', 10, { type: 'IMPRESSION' }); // time has gone on, and nothing is counted
    const { cells, moments } = await observed([click('a', 'x', 0), shown, click('b', 'x', 10)]);
    const { shares, gates, asked, missed } = moments.COLD;
    expect([asked, missed]).toEqual([2, 1]); // nobody had clicked x before a
    expect(shares).toHaveLength(cells.length);
    cells.forEach(({ scope, halfLifeMs }, at) => {
      // One click ten minutes ago, of a reader without a context.
      const seen = scope === 'all' || scope === 'position';
      const evidence = seen ? 2 ** -((10 * MINUTE) / halfLifeMs) : 0;
      expect(shares[at]).toBeCloseTo(seen ? 1 : 0, 12);
      expect(gates[at]).toBeCloseTo(evidence / (evidence + EVIDENCE), 9);
    });
  });

  it('name their cells scope by scope, with the half-lives of each in their order', async () => {
    const { cells } = await observed([]);
    const expected = scopes.flatMap((scope) => halfLivesMs.map((halfLifeMs) => ({ scope, halfLifeMs })));
    expect(cells).toEqual(expected);
  });

  it('hold what each source gave to the click, by moment', async () => {
    const events = [
      click('a', 'x', 0),
      click('a', 'y', 1),
      click('b', 'x', 2),
      click('b', 'y', 3),
      click('b', 'x', 90),
    ];
    const answers: number[][] = [];
    const observations = new Observations(stateOf([]));
    await replayed([...events, click('b', 'z', 200)], (answered) => {
      observations.add(answered);
      const { candidates } = answered.inspection;
      const at = candidates.items.indexOf(answered.target);
      if (at !== -1) answers.push(candidates.scores.map((column) => column[at]!));
    });
    const { COLD, WARM_START, WARM_NEXT } = observations.moments;
    expect([COLD, WARM_START, WARM_NEXT].map(({ asked, missed }) => [asked, missed])).toEqual([
      [2, 1],
      [1, 1], // z is new; x had been read by b
      [2, 1],
    ]);
    expect([...COLD.sources, ...WARM_NEXT.sources]).toEqual(answers.flat());
    const neighbours = SOURCE_NAMES.indexOf('ITEM_NEIGHBOURS');
    expect(WARM_NEXT.sources[neighbours]).toBeGreaterThan(0); // y was clicked after x before
  });

  it.each([1, 2, 3])(
    'are one row of finite numbers for every click that a source had found, in log %i',
    async (seed) => {
      let asked = 0;
      const observations = new Observations(stateOf([]));
      await replayed(difficultLog(seed, 400), (answered) => {
        asked++;
        observations.add(answered);
      });
      const rows = MOMENTS.map((moment) => observations.moments[moment]);
      expect(rows.reduce((sum, one) => sum + one.asked, 0)).toBe(asked);
      for (const { shares, gates, sources, asked: all, missed } of rows) {
        expect(all - missed).toBeGreaterThan(0);
        expect([shares.length, gates.length]).toEqual(Array(2).fill((all - missed) * observations.cells.length));
        expect(sources).toHaveLength((all - missed) * SOURCE_NAMES.length);
        expect([...shares, ...gates, ...sources].filter((value) => !(value >= 0 && value <= 1 + 1e-9))).toEqual([]);
      }
    },
  );
});
