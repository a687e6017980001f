import { fitGatedMixture, type MixtureFit } from '../../src/math/gated-mixture.js';
import { seededRandom } from '../../src/math/random.js';

const TRUE = [0.6, 0.3, 0.1];
const OUTCOMES = 6;

/** Draws of a mixture of three distributions over six outcomes: what each of them gave to the outcome drawn. */
function drawn(rows: number, gateOf: (row: number, part: number) => number) {
  const random = seededRandom(5);
  const parts = TRUE.map((_, part) => distribution(part));
  const probabilities: number[] = [];
  const gates: number[] = [];
  for (let row = 0; row < rows; row++) {
    const speaking = TRUE.map((weight, part) => weight * gateOf(row, part));
    const part = draw(speaking, random.next());
    const outcome = draw(parts[part]!, random.next());
    probabilities.push(...parts.map((shares) => shares[outcome]!));
    gates.push(...TRUE.map((_, at) => gateOf(row, at)));
  }
  return { parts: 3, probabilities: Float64Array.from(probabilities), gates: Float64Array.from(gates) };
}

function distribution(part: number): number[] {
  return Array.from({ length: OUTCOMES }, (_, at) => (at % 3 === part ? 0.4 : 0.05));
}

function draw(weights: readonly number[], uniform: number): number {
  let left = uniform * weights.reduce((sum, weight) => sum + weight, 0);
  return Math.max(
    0,
    weights.findIndex((weight) => (left -= weight) < 0),
  );
}

const expectNear = ({ weights }: MixtureFit, expected: readonly number[], within: number): void =>
  expected.forEach((weight, part) => expect(Math.abs(weights[part]! - weight)).toBeLessThan(within));
/** Of a part that speaks in every second row only. */
const halfTime = (row: number, part: number): number => (part === 0 && row % 2 === 0 ? 0.1 : 1);

describe('fitGatedMixture', () => {
  it('recovers the weights that the rows were drawn with', () => {
    expectNear(fitGatedMixture({ ...drawn(20_000, () => 1), gates: null }), TRUE, 0.03);
  });

  it('recovers them where a part speaks less in some rows, which a fit without gates can’t', () => {
    const rows = drawn(20_000, halfTime);
    expectNear(fitGatedMixture(rows), TRUE, 0.03);
    expect(fitGatedMixture({ ...rows, gates: null }).weights[0]!).toBeLessThan(TRUE[0]! - 0.1);
  });

  it('never lowers the likelihood', () => {
    const { likelihoods } = fitGatedMixture(drawn(2_000, halfTime));
    expect(likelihoods.length).toBeGreaterThan(3);
    likelihoods.slice(1).forEach((value, at) => expect(value).toBeGreaterThanOrEqual(likelihoods[at]!));
  });

  it('with equal gates is EM: each step gives a part the mean of its responsibilities', () => {
    const rows = drawn(500, () => 0.4);
    const gated = fitGatedMixture(rows);
    const { weights: open, likelihoods } = fitGatedMixture({ ...rows, gates: null });
    expectNear(gated, [...open], 1e-9);
    let weights = [1 / 3, 1 / 3, 1 / 3];
    for (let step = 1; step < likelihoods.length; step++) {
      const sums = [0, 0, 0];
      for (let row = 0; row < 500; row++) {
        const masses = weights.map((weight, part) => weight * rows.probabilities[row * 3 + part]!);
        const mass = masses.reduce((sum, one) => sum + one, 0);
        masses.forEach((one, part) => (sums[part]! += one / mass));
      }
      weights = sums.map((sum) => sum / 500);
    }
    expectNear(gated, weights, 1e-9);
  });

  it('passes over rows that no part gives a probability to', () => {
    const { probabilities } = drawn(500, () => 1);
    const silent = new Float64Array(300 * 3);
    const rows = { parts: 3, gates: null };
    const fit = fitGatedMixture({ ...rows, probabilities: Float64Array.from([...silent, ...probabilities]) });
    expect(fit).toEqual(fitGatedMixture({ ...rows, probabilities }));
  });

  it('leaves the weights equal without a row that counts', () => {
    const equal = { weights: Float64Array.of(0.5, 0.5), likelihoods: [] };
    expect(fitGatedMixture({ parts: 2, probabilities: new Float64Array(0), gates: null })).toEqual(equal);
    expect(fitGatedMixture({ parts: 2, probabilities: new Float64Array(8), gates: null })).toEqual(equal);
  });

  it('gives nothing to a part that never speaks', () => {
    const rows = drawn(200, (_, part) => (part === 1 ? 0 : 1));
    const { weights } = fitGatedMixture(rows);
    expect(weights[1]).toBe(0);
    expect(weights[0]! + weights[2]!).toBeCloseTo(1, 12);
  });
});
