import fc from 'fast-check';
import { IndexMarks } from '../../src/math/index-marks.js';

const ROOM = 10;
const step = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 6, arbitrary: fc.tuple(fc.integer({ min: 0, max: ROOM - 1 }), fc.double({ noNaN: true })) },
);

describe('IndexMarks', () => {
  it('holds what a Map holds that is cleared at every reset', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const marks = new IndexMarks();
        const map = new Map<number, number>();
        marks.reset(ROOM);
        for (const one of steps) {
          if (one === null) {
            marks.reset(ROOM);
            map.clear();
          } else {
            marks.set(...one);
            map.set(...one);
          }
        }
        for (let index = 0; index < ROOM; index++) {
          expect(marks.has(index)).toBe(map.has(index));
          expect(marks.get(index, -7)).toBe(map.get(index) ?? -7);
        }
      }),
      { seed: 11 },
    );
  });

  it('holds nothing before the first reset, nor beyond its room', () => {
    const marks = new IndexMarks();
    expect(marks.has(0)).toBe(false);
    marks.reset(0);
    expect(marks.has(0)).toBe(false);
    expect(marks.get(1_000, 5)).toBe(5);
  });

  it('has room for more after a larger reset, and remembers nothing of before', () => {
    const marks = new IndexMarks();
    marks.reset(1);
    marks.set(0, 1);
    marks.reset(1_000);
    marks.set(999, 2);
    expect(marks.has(0)).toBe(false);
    expect(marks.get(999, 0)).toBe(2);
  });
});
