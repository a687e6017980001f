import { AlsRowSolver, CONVERGED, ridgeOf } from '../../src/math/als-row.js';
import { seededRandom } from '../../src/math/random.js';
import { denseGram, solveExactly } from '../support/als-world.js';

const WIDTH = 7;
const ITEMS = 30;
const WEIGHT = 0.3;
const random = seededRandom(11);
const factors = Float32Array.from({ length: ITEMS * WIDTH }, () => random.normal());
const gram = denseGram(factors, WIDTH, WEIGHT);
const row = {
  indexes: Int32Array.of(4, 2, 9, 20, 7, 4),
  weights: Float32Array.of(9, 1, 0.5, 3, 0.1, 9),
  from: 1,
  to: 5,
  ridge: 0.4,
};
const vectorOf = (item: number): number[] => [...factors.subarray(item * WIDTH, (item + 1) * WIDTH)];

/** The loss that a row minimises, term by term. */
function loss(vector: Float32Array): number {
  const product = (item: number): number => vectorOf(item).reduce((sum, value, at) => sum + value * vector[at]!, 0);
  let sum = 0;
  for (let item = 0; item < ITEMS; item++) sum += WEIGHT * product(item) ** 2;
  for (let at = row.from; at < row.to; at++) sum += row.weights[at]! * (product(row.indexes[at]!) - 1) ** 2;
  return sum + row.ridge * vector.reduce((total, value) => total + value * value, 0);
}

function exact(): number[] {
  const matrix = Array.from({ length: WIDTH }, (_, a) =>
    Array.from({ length: WIDTH }, (_, b) => gram[a * WIDTH + b]! + (a === b ? row.ridge : 0)),
  );
  const right = new Array<number>(WIDTH).fill(0);
  for (let at = row.from; at < row.to; at++) {
    const vector = vectorOf(row.indexes[at]!);
    for (let a = 0; a < WIDTH; a++) {
      right[a]! += row.weights[at]! * vector[a]!;
      for (let b = 0; b < WIDTH; b++) matrix[a]![b]! += row.weights[at]! * vector[a]! * vector[b]!;
    }
  }
  return solveExactly(matrix, right);
}

describe('AlsRowSolver', () => {
  const solver = new AlsRowSolver({ factors, gram, width: WIDTH });

  it('converges to the exact solution, wherever it starts', () => {
    for (const start of [() => 0, () => random.normal()]) {
      const vector = Float32Array.from({ length: WIDTH }, start);
      solver.solve(vector, row, CONVERGED);
      exact().forEach((value, at) => expect(vector[at]).toBeCloseTo(value, 4));
    }
  });

  it('lowers the loss with every step', () => {
    const vector = new Float32Array(WIDTH);
    let before = loss(vector);
    for (let step = 0; step < WIDTH - 2; step++) {
      solver.solve(vector, row, { steps: 1, tolerance: 0 });
      expect(loss(vector)).toBeLessThan(before);
      before = loss(vector);
    }
  });

  it('goes on from where the vector stands', () => {
    const once = new Float32Array(WIDTH);
    solver.solve(once, row, CONVERGED);
    const again = once.slice();
    solver.solve(again, row, { steps: 3, tolerance: 1e-3 });
    expect(again).toEqual(once);
  });

  it('gives a row without entries the zero vector', () => {
    const vector = new Float32Array(WIDTH).fill(1);
    solver.solve(vector, { ...row, to: row.from }, CONVERGED);
    expect(vector).toEqual(new Float32Array(WIDTH));
  });
});

describe('ridgeOf', () => {
  it('scales the regularisation by the frequency of the row', () => {
    const settings = { regularisation: 0.01, unobservedWeight: 0.5, frequencyExponent: 1 };
    expect(ridgeOf(20, 1_000, settings)).toBeCloseTo(5.2, 12);
    expect(ridgeOf(20, 1_000, { ...settings, frequencyExponent: 0 })).toBeCloseTo(0.01, 12);
  });
});
