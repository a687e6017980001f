import { CONVERGED } from '../../../src/math/als-row.js';
import { seededRandom } from '../../../src/math/random.js';
import { type AlsKernel, kernelFor } from '../../../src/training/als/als-kernel.js';
import { allocateAlsMemory, type AlsMemory } from '../../../src/training/als/als-memory.js';
import { compiledKernel } from '../../../src/training/als/compiled-kernel.js';
import { plainKernel } from '../../../src/training/als/plain-kernel.js';

const ITEMS = 13;

/** Items at random and one user with the first `entries` of them. */
function world(factors: number, entries: number): AlsMemory {
  const shape = { users: 4, items: ITEMS, pairs: ITEMS, factors, queries: 0, ranked: 0, workers: 1 };
  const memory = allocateAlsMemory(shape);
  const random = seededRandom(factors, entries);
  for (const side of [memory.item, memory.user])
    side.factors.set(Float32Array.from(side.factors, () => random.normal() / Math.sqrt(factors)));
  memory.user.starts.fill(entries, 1);
  memory.user.indexes.set(Int32Array.from({ length: entries }, (_, at) => ITEMS - 1 - at));
  memory.user.weights.set(Float32Array.from({ length: entries }, () => 0.5 + random.next()));
  return memory;
}

/** What a kernel makes of a world, number by number. */
function results(memory: AlsMemory, kernel: AlsKernel, steps: number): number[] {
  const { gram, gramParts, user, shape, scores } = memory;
  kernel.addGram('item', { from: 0, to: 6 }, 1);
  kernel.addGram('item', { from: 6, to: ITEMS }, 1);
  const size = shape.factors;
  const upper = (at: number): boolean => at % size >= Math.floor(at / size);
  const part = gramParts.slice(size * size, 2 * size * size);
  for (let at = 0; at < part.length; at++) {
    const mirrored = (at % size) * size + Math.floor(at / size);
    gram[at] = 0.3 * part[upper(at) ? at : mirrored]!;
  }
  kernel.openSide('user');
  const row = { indexes: user.indexes, weights: user.weights, from: 0, to: user.starts[1]!, ridge: 0.2 };
  kernel.solveRow(0, row, { ...CONVERGED, steps });
  kernel.score4([0, 3, 1, 0], scores[0]!);
  return [...part.filter((_, at) => upper(at)), ...user.factors.subarray(0, size), ...scores[0]!];
}

describe('compiledKernel', () => {
  it.each([
    [4, 1],
    [4, 4],
    [20, 7],
    [64, 8],
    [128, 13],
  ])('agrees with the plain kernel: %i factors, %i entries', (factors, entries) => {
    for (const steps of [1, 3, CONVERGED.steps]) {
      const [first, second] = [world(factors, entries), world(factors, entries)];
      const compiled = results(first, compiledKernel(first, 0), steps);
      const plain = results(second, plainKernel(second), steps);
      expect(compiled).toHaveLength(plain.length);
      expect(Math.max(...plain.map((value, at) => Math.abs(value - compiled[at]!)))).toBeLessThan(5e-5);
    }
  });

  it('stays within its own arrays', () => {
    const memory = world(20, 7);
    const before = { items: memory.item.factors.slice(), others: memory.user.factors.slice(20) };
    results(memory, compiledKernel(memory, 0), 3);
    expect(memory.item.factors).toEqual(before.items);
    expect(memory.user.factors.slice(20)).toEqual(before.others);
    expect(memory.ranked).toHaveLength(0);
    expect(memory.control.every((word) => word === 0)).toBe(true);
  });
});

describe('kernelFor', () => {
  it('takes the plain kernel where the memory is a plain buffer', () => {
    const memory = world(4, 4);
    const storage = new SharedArrayBuffer(0);
    const scores = new Float32Array(4 * ITEMS);
    kernelFor({ ...memory, storage }, 0).score4([0, 1, 2, 3], scores);
    const compiled = memory.scores[0]!;
    const kernel = kernelFor(memory, 0);
    kernel.openSide('user');
    kernel.score4([0, 1, 2, 3], compiled);
    compiled.forEach((value, at) => expect(scores[at]).toBeCloseTo(value, 5));
  });
});
