import fc from 'fast-check';
import { seededRandom } from '../../../src/math/random.js';
import { discountOf, gainOf, inverseIdealDcg } from '../../../src/training/ranker/discounted-gain.js';
import { rankerKernel } from '../../../src/training/ranker/ranker-kernel.js';
import { kernelMemory, Places } from '../../../src/training/workers/places.js';
import {
  plainHistogram,
  plainLambdas,
  plainSplits,
  type LambdaQuery,
  type Sums,
  total,
} from '../../support/plain-ranker-kernel.js';

const SHIFT = 40;
const memory = kernelMemory(1 << 22)!;
const kernel = rankerKernel(memory);
const places = new Places(memory.buffer);
const ROWS = 500;
const COLUMNS = 5;
const rows = places.ints(ROWS);
const pairs = places.ints(2 * ROWS);
const gathered = places.ints(2 * ROWS);
const columns = Array.from({ length: COLUMNS }, () => places.bytesOf(ROWS));
const histograms = Array.from({ length: 2 * COLUMNS }, () => places.doubles(512));
const pointers = places.ints(8);
const out = places.doubles(8);
const [left, right] = [places.ints(ROWS), places.ints(ROWS)];

const at = (array: { readonly byteOffset: number }): number => array.byteOffset;

/** Random rows, their pairs and columns with this many bins; returns how many rows. */
function fillRows(seed: number, count: number, bins: number): void {
  const random = seededRandom(seed);
  const drawn = Array.from({ length: ROWS }, (_, row) => row);
  for (let k = 0; k < count; k++) {
    const other = k + random.below(ROWS - k);
    [drawn[k], drawn[other]] = [drawn[other]!, drawn[k]!];
    rows[k] = drawn[k]!;
  }
  for (let row = 0; row < ROWS; row++) {
    pairs[2 * row] = Math.round((2 * random.next() - 1) * 2 ** 30);
    pairs[2 * row + 1] = random.below(2 ** 30);
    for (const column of columns) column[row] = random.below(bins);
  }
  kernel.openTree(SHIFT);
  kernel.gatherPairs(at(rows), count, at(pairs), at(gathered));
  for (const histogram of histograms) histogram.fill(0);
}

function read(histogram: Float64Array, bins: number): Sums[] {
  const words = new BigInt64Array(histogram.buffer, histogram.byteOffset, 2 * bins);
  return Array.from({ length: bins }, (_, bin) => ({
    gradients: Number(words[2 * bin]),
    hessians: Number(words[2 * bin + 1]! & ((1n << BigInt(SHIFT)) - 1n)),
    rows: Number(words[2 * bin + 1]! >> BigInt(SHIFT)),
  }));
}

function addUp(count: number): void {
  columns.slice(0, 4).forEach((column, k) => pointers.set([at(column)], k));
  histograms.slice(0, 4).forEach((histogram, k) => pointers.set([at(histogram)], 4 + k));
  kernel.addRows4(at(rows), at(gathered), count, at(pointers), at(pointers) + 16);
  kernel.addRows(at(rows), at(gathered), count, at(columns[4]!), at(histograms[4]!));
}

const world = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  count: fc.integer({ min: 1, max: ROWS }),
  bins: fc.integer({ min: 2, max: 255 }),
});

describe('histogram kernels', () => {
  it('equal their plain twin to the last bit, four columns at once or one', () => {
    fc.assert(
      fc.property(world, ({ seed, count, bins }) => {
        fillRows(seed, count, bins);
        addUp(count);
        columns.forEach((column, k) => {
          const plain = plainHistogram(rows.slice(0, count), pairs, column, bins);
          expect(read(histograms[k]!, bins)).toEqual(plain);
          kernel.sumBins(at(histograms[k]!), bins, at(out));
          expect([...out.subarray(0, 3)]).toEqual(Object.values(total(plain)));
        });
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it('leave exactly the sibling when a part is subtracted from the whole', () => {
    fillRows(3, 400, 60);
    addUp(400);
    const whole = histograms[0]!.slice();
    histograms[0]!.fill(0);
    addUp(150);
    histograms[5]!.set(whole);
    kernel.subtract(at(histograms[5]!), at(histograms[0]!), 60);
    expect(read(histograms[5]!, 60)).toEqual(plainHistogram(rows.slice(150, 400), pairs, columns[0]!, 60));
  });
});

describe('bestSplit', () => {
  const rules = { gradientStep: 2 ** -28, hessianStep: 2 ** -29 };

  it('finds a split as good as the best of all, and tells its sums', () => {
    const cases = fc.tuple(
      world,
      fc.boolean(),
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(0, 5, 40),
      fc.constantFrom(0, 3),
    );
    let found = 0;
    fc.assert(
      fc.property(cases, ([{ seed, count, bins }, hasMissing, minRows, minHessian, l2]) => {
        fillRows(seed, count, bins);
        addUp(count);
        const plain = plainHistogram(rows.slice(0, count), pairs, columns[0]!, bins);
        const all = total(plain);
        const limits = { ...rules, minRows, minHessian, l2 };
        kernel.openSearch(minRows, minHessian, l2, rules.gradientStep, rules.hessianStep);
        const sums = [all.gradients, all.hessians, all.rows] as const;
        kernel.bestSplit(at(histograms[0]!), bins, Number(hasMissing), ...sums, at(out));
        const allowed = plainSplits(plain, hasMissing, limits);
        const best = Math.max(0, ...allowed.map(({ gain }) => gain));
        const [gain, bin, missingLeft, gradients, hessians, count_] = out;
        if (best < 1e-9) return expect(gain).toBeLessThan(1e-6);
        found++;
        expect(gain).toBeCloseTo(best, 6);
        const own = allowed.find((split) => split.bin === bin && split.missingLeft === (missingLeft === 1))!;
        expect(own.gain).toBeCloseTo(best, 6);
        expect({ gradients, hessians, rows: count_ }).toEqual(own.left);
      }),
      { seed: 1, numRuns: 200 },
    );
    expect(found).toBeGreaterThan(100);
  });

  it('finds none where a side would have too few rows', () => {
    fillRows(1, 30, 10);
    addUp(30);
    kernel.sumBins(at(histograms[0]!), 10, at(out));
    kernel.openSearch(16, 0, 0, rules.gradientStep, rules.hessianStep);
    kernel.bestSplit(at(histograms[0]!), 10, 0, out[0]!, out[1]!, out[2]!, at(out));
    expect(out[1]).toBe(-1);
  });
});

it('partition sends each row to its side, in order', () => {
  fc.assert(
    fc.property(world, fc.boolean(), ({ seed, count, bins }, missingRight) => {
      fillRows(seed, count, bins);
      const last = seed % bins;
      const [column, shift] = [columns[0]!, missingRight ? 1 : 0];
      const goes = (row: number): boolean => ((column[row]! + 256 - shift) & 255) <= last;
      const wentLeft = kernel.partition(at(rows), count, at(column), shift, last, at(left), at(right));
      const all = [...rows.subarray(0, count)];
      expect([...left.subarray(0, wentLeft)]).toEqual(all.filter(goes));
      expect([...right.subarray(0, count - wentLeft)]).toEqual(all.filter((row) => !goes(row)));
    }),
    { seed: 1, numRuns: 50 },
  );
});

it.each([1, 2, 7, 8])('toWhole and largest take %i pairs and touch no other', (count) => {
  const random = seededRandom(count);
  const floats = new Float32Array(pairs.buffer, pairs.byteOffset, pairs.length);
  floats.forEach((_, k) => void (floats[k] = k < 2 * count ? random.normal() : 99));
  const before = floats.slice();
  const own = before.subarray(0, 2 * count);
  const most = new Float32Array(out.buffer, out.byteOffset, 2);
  kernel.largest(at(pairs), count, at(out));
  for (const k of [0, 1]) expect(most[k]).toBe(Math.max(...own.filter((_, i) => i % 2 === k).map(Math.abs)));
  kernel.toWhole(at(pairs), count, 2 ** 20, 2 ** 10);
  own.forEach((value, k) => {
    expect(Math.abs(pairs[k]! - value * 2 ** (k % 2 === 0 ? 20 : 10))).toBeLessThanOrEqual(0.5);
  });
  expect(floats[2 * count]).toBe(99);
});

describe('lambdas', () => {
  const longest = 520;
  const order = places.ints(longest);
  const scores = places.doubles(longest);
  const labels = places.bytesOf(longest);
  const derivatives = places.floats(2 * longest);
  const gains = places.floats(256);
  const discounts = places.floats(longest);
  const room = places.floats(9 * longest);
  gains.set(Array.from({ length: 31 }, (_, label) => gainOf(label)));
  discounts.set(Array.from({ length: longest }, (_, rank) => discountOf(rank)));

  function compiled(query: LambdaQuery): number[][] {
    const count = query.scores.length;
    scores.set(query.scores);
    labels.set(query.labels);
    const level = Math.min(query.truncation, longest);
    kernel.openLambdas(level, Number(query.normalise), at(gains), at(discounts), at(room), longest);
    const inverse = inverseIdealDcg(labels.slice(0, count), level);
    kernel.lambdas(count, at(order), at(scores), at(labels), inverse, query.weight, at(derivatives));
    return query.scores.map((_, row) => [...derivatives.subarray(2 * row, 2 * row + 2)]);
  }

  const queries = fc
    .tuple(fc.integer({ min: 2, max: 150 }), fc.integer({ min: 0, max: 1e6 }))
    .chain(([count, seed]) => {
      const random = seededRandom(seed);
      const labels = Array.from({ length: count }, () => Math.max(0, random.below(8) - 4));
      labels[random.below(count)] = 4;
      labels[labels.indexOf(4) === 0 ? 1 : 0] = 0;
      // Few distinct scores: many of them are equal.
      const scores = Array.from({ length: count }, () => (random.below(20) - 10) / 3);
      return fc.record({
        scores: fc.constant(scores),
        labels: fc.constant(labels),
        truncation: fc.constantFrom(1, 3, 10, 30, 1000),
        normalise: fc.boolean(),
        weight: fc.constantFrom(1, 0.25),
      });
    });

  it('equal the formula pair by pair', () => {
    fc.assert(
      fc.property(queries, (query) => {
        query.scores.forEach((_, row) => void (order[row] = row));
        const plain = plainLambdas(query);
        const size = Math.max(...plain.map(([gradient]) => Math.abs(gradient)));
        compiled(query).forEach(([gradient, hessian], row) => {
          expect(Math.abs(gradient! - plain[row]![0])).toBeLessThan(1e-5 * size + 1e-7);
          expect(Math.abs(hessian! - plain[row]![1])).toBeLessThan(1e-5 * size + 1e-7);
        });
      }),
      { seed: 1, numRuns: 150 },
    );
  });

  it('sort long queries by score, equal ones by row, whatever order came before', () => {
    const random = seededRandom(5);
    const count = longest - 3;
    for (const distinct of [2, 40, 1e6]) {
      const values = Array.from({ length: count }, () => random.below(distinct) / distinct);
      for (let row = 0; row < count; row++) order[row] = count - 1 - row;
      const labelsOf = values.map((_, row) => (row === 7 ? 1 : 0));
      compiled({ scores: values, labels: labelsOf, truncation: 5, normalise: true, weight: 1 });
      const expected = values.map((_, row) => row);
      expected.sort((a, b) => Math.fround(values[b]!) - Math.fround(values[a]!) || a - b);
      expect([...order.subarray(0, count)]).toEqual(expected);
    }
  });

  it('say nothing about a query whose rows are all alike', () => {
    order.set([0, 1, 2]);
    compiled({ scores: [3, 1, 2], labels: [1, 0, 0], truncation: 30, normalise: true, weight: 1 });
    labels.fill(0);
    kernel.lambdas(3, at(order), at(scores), at(labels), 0, 1, at(derivatives));
    expect([...derivatives.subarray(0, 6)].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});
