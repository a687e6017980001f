import fc from 'fast-check';
import { fitIsotonic, isotonicValue } from '../../src/math/isotonic.js';

const DATA = fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.constantFrom(0, 1)), {
  minLength: 1,
  maxLength: 40,
});

describe('isotonic regression', () => {
  it('pools neighbours that fall: a worked example', () => {
    const fit = fitIsotonic([1, 2, 3, 4, 5], [1, 3, 2, 4, 3.5]);
    expect([...fit.from]).toEqual([1, 2, 4]);
    expect([...fit.values]).toEqual([1, 2.5, 3.75]);
  });

  it('gives the value of the step that a score falls into, and the ends beyond them', () => {
    const fit = fitIsotonic([10, 20, 30], [0, 0.5, 1]);
    expect([5, 10, 19.9, 20, 25, 30, 99].map((score) => isotonicValue(fit, score))).toEqual([0, 0, 0, 0.5, 0.5, 1, 1]);
    expect(isotonicValue(fitIsotonic([], []), 1)).toBeNaN();
  });

  it('never falls, keeps the mean, and takes equal scores for one', () => {
    fc.assert(
      fc.property(DATA, (data) => {
        const scores = data.map(([score]) => score);
        const outcomes = data.map(([, outcome]) => outcome);
        const fit = fitIsotonic(scores, outcomes);
        const { values, from } = fit;
        expect(new Set(from).size).toBe(from.length);
        for (let at = 1; at < values.length; at++) expect(values[at]!).toBeGreaterThan(values[at - 1]!);
        const fitted = scores.reduce((sum, score) => sum + isotonicValue(fit, score), 0);
        expect(fitted).toBeCloseTo(
          outcomes.reduce<number>((sum, outcome) => sum + outcome, 0),
          9,
        );
      }),
      { seed: 1 },
    );
  });

  it('is the nearest of all step functions that never fall (by a grid of them)', () => {
    const grid = [0, 0.25, 1 / 3, 0.5, 2 / 3, 0.75, 1];
    const short = fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 4 });
    const error = (values: readonly number[], outcomes: readonly number[]): number =>
      outcomes.reduce((sum, outcome, at) => sum + (outcome - values[at]!) ** 2, 0);
    const rising = (length: number, least = 0): number[][] =>
      length === 0
        ? [[]]
        : grid.filter((v) => v >= least).flatMap((v) => rising(length - 1, v).map((rest) => [v, ...rest]));
    fc.assert(
      fc.property(short, (outcomes) => {
        const fit = fitIsotonic(
          outcomes.map((_, at) => at),
          outcomes,
        );
        const ours = error(
          outcomes.map((_, at) => isotonicValue(fit, at)),
          outcomes,
        );
        for (const other of rising(outcomes.length)) expect(ours).toBeLessThanOrEqual(error(other, outcomes) + 1e-12);
      }),
      { seed: 1 },
    );
  });
});
