import fc from 'fast-check';
import { seededRandom } from '../../../src/math/random.js';
import { binColumn, type FeatureBins, findBins, thresholdOf } from '../../../src/training/ranker/feature-bins.js';

function binsOf(bins: FeatureBins, values: readonly number[]): number[] {
  const out = new Uint8Array(values.length);
  const places = Int32Array.from(values, (_, row) => row);
  binColumn(bins, Float32Array.from(values), places, out);
  return [...out];
}

const column = fc.array(
  fc.oneof(fc.float({ noNaN: false }), fc.integer({ min: -5, max: 5 }), fc.constant(NaN), fc.constant(Infinity)),
  { minLength: 1, maxLength: 400 },
);

describe('findBins', () => {
  it('gives bounds that send every value where its bin went', () => {
    fc.assert(
      fc.property(column, fc.integer({ min: 2, max: 30 }), (values, most) => {
        const floats = values.map(Math.fround);
        const bins = findBins(0, Float32Array.from(floats), most);
        if (bins === null) {
          const varying = new Set(floats.map((value) => (value === 0 ? 0 : value)));
          return expect([varying.size, ...floats.filter(Number.isNaN)].length === 1 ? varying.size : 1).toBe(1);
        }
        expect(bins.bins).toBeLessThanOrEqual(most);
        const first = bins.hasMissing ? 1 : 0;
        const found = binsOf(bins, floats);
        floats.forEach((value, row) => {
          if (Number.isNaN(value)) return expect(found[row]).toBe(0);
          for (let bin = first; bin < bins.bins; bin++)
            expect(value <= thresholdOf(bins, bin)).toBe(found[row]! <= bin);
        });
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('puts bounds half way between few values', () => {
    expect([...findBins(0, Float32Array.of(1, 4, 2, 2), 255)!.bounds]).toEqual([1.5, 3]);
  });

  it('shares many values evenly', () => {
    const random = seededRandom(1);
    const values = Array.from({ length: 20_000 }, () => random.normal());
    const found = binsOf(findBins(0, Float32Array.from(values), 100)!, values);
    const counts = Array.from({ length: 100 }, (_, bin) => found.filter((of) => of === bin).length);
    expect(Math.min(...counts)).toBeGreaterThan(180);
    expect(Math.max(...counts)).toBeLessThan(220);
  });

  it('gives a value with many rows a bin of its own', () => {
    const random = seededRandom(1);
    const values = Array.from({ length: 4_000 }, (_, row) => (row % 2 === 0 ? 0.5 : random.next()));
    const bins = findBins(0, Float32Array.from(values), 10)!;
    const [own] = binsOf(bins, [0.5]);
    expect(binsOf(bins, values).filter((bin) => bin === own)).toHaveLength(2_000);
    expect(bins.bins).toBe(10);
  });

  it('finds none in a column that never varies', () => {
    expect(findBins(0, Float32Array.of(3, 3, 3), 255)).toBeNull();
    expect(findBins(0, Float32Array.of(NaN, NaN), 255)).toBeNull();
    expect(findBins(0, Float32Array.of(Infinity, Infinity), 255)).toBeNull();
  });

  it('tells missing values from the only other one', () => {
    const bins = findBins(2, Float32Array.of(3, NaN, 3), 255)!;
    expect(bins).toMatchObject({ feature: 2, hasMissing: true, bins: 2, least: 3, most: 3 });
    expect(binsOf(bins, [3, NaN])).toEqual([1, 0]);
    expect(thresholdOf(bins, 1)).toBe(1e300);
  });
});

describe('binColumn', () => {
  it('counts a missing value as 0 where none was when the bins were found, as a tree without missing values does', () => {
    const bins = findBins(0, Float32Array.of(-2, -1, 1, 2), 255)!;
    expect(binsOf(bins, [NaN, 0, 0.5])).toEqual(binsOf(bins, [0, 0, 0.5]));
  });

  it('takes rows in the order of places', () => {
    const bins = findBins(0, Float32Array.of(1, 2, 3), 255)!;
    const out = new Uint8Array(3);
    binColumn(bins, Float32Array.of(1, 2, 3), Int32Array.of(2, 0, 1), out);
    expect([...out]).toEqual([2, 0, 1]);
  });
});
