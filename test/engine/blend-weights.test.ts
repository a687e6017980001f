import { type FittedWeights, type Moment, momentOf, MOMENTS, weightsFor } from '../../src/engine/blend-weights.js';
import { BUILT_IN_SCENARIOS, type SourceWeights } from '../../src/engine/scenario.js';
import { parseScenarios } from '../../src/engine/scenario-file.js';
import { DEFAULT_COMPONENTS } from '../../src/engine/sources/popularity-components.js';
import { SOURCE_NAMES } from '../../src/engine/stage-name.js';
import { FIRST_CLICK, LATER_CLICK } from '../../src/state/scope.js';

const sourcesOf = (value: number): SourceWeights =>
  Object.fromEntries(SOURCE_NAMES.map((name) => [name, value])) as SourceWeights;
// Weights that tell the moments apart; they need not add up here.
const fitted = Object.fromEntries(
  MOMENTS.map((moment, at) => [
    moment,
    { sources: sourcesOf(at + 1), popularity: [{ scope: 'all', halfLifeMs: 1, weight: 1 }] },
  ]),
) as unknown as FittedWeights;
const snapshot = { weights: fitted, als: {} };
const warm = { segment: 'WARM', place: LATER_CLICK } as const;
const scenario = BUILT_IN_SCENARIOS[0]!;

describe('weightsFor', () => {
  it('tells the moments of a reader apart', () => {
    const moments: Moment[] = [
      momentOf('COLD', FIRST_CLICK),
      momentOf('COLD', LATER_CLICK),
      momentOf('WARM', FIRST_CLICK),
      momentOf('WARM', LATER_CLICK),
    ];
    expect(moments).toEqual(['COLD', 'COLD', 'WARM_START', 'WARM_NEXT']);
  });

  it('takes the fitted weights of the moment where the scenario leaves them to the fit', () => {
    expect(weightsFor(scenario, warm, snapshot)).toEqual(fitted.WARM_NEXT);
    expect(weightsFor(scenario, { segment: 'COLD', place: FIRST_CLICK }, snapshot)).toEqual(fitted.COLD);
  });

  it('leaves a scenario the weights that it names, and fits its popularity all the same', () => {
    const own = parseScenarios([{ name: 'mine', weights: { WARM: { NEWEST: 0.9 } } }]).find(
      ({ name }) => name === 'mine',
    )!;
    const { sources, popularity } = weightsFor(own, warm, snapshot);
    expect(sources).toEqual(own.weights.WARM);
    expect(popularity).toEqual(fitted.WARM_NEXT.popularity);
    const left = parseScenarios([{ name: 'left' }]).find(({ name }) => name === 'left')!;
    expect(weightsFor(left, warm, snapshot).sources).toEqual(fitted.WARM_NEXT.sources);
  });

  it('uses the weights set by hand without a snapshot, or where it has none', () => {
    for (const nothing of [null, { weights: null, als: {} }]) {
      const { sources, popularity } = weightsFor(scenario, warm, nothing);
      expect({ ...sources, ALS: 0 }).toEqual({ ...scenario.weights.WARM, ALS: 0 });
      expect(popularity).toBe(DEFAULT_COMPONENTS);
    }
  });

  it('asks no factors where there are none', () => {
    expect(weightsFor(scenario, warm, null).sources.ALS).toBe(0);
    expect(weightsFor(scenario, warm, { weights: fitted, als: null }).sources.ALS).toBe(0);
    expect(weightsFor(scenario, warm, snapshot).sources.ALS).toBe(3);
  });
});
