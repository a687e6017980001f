import fc from 'fast-check';
import { axisOf } from '../../../src/evaluation/html/axis.js';
import { tick } from '../../../src/evaluation/html/figures.js';

describe('axisOf', () => {
  it('has round ticks that hold all values and zero', () => {
    expect(axisOf([0.64, 0.42], 0, 100).ticks.map(tick)).toEqual(['0', '0.2', '0.4', '0.6', '0.8']);
    expect(axisOf([-0.012, 0.003], 0, 100).ticks.map(tick)).toEqual(['−0.015', '−0.01', '−0.005', '0', '0.005']);
  });

  it('places values in proportion, from either end', () => {
    const up = axisOf([0.9], 200, 0);
    expect([0, 0.5, 1].map((value) => up.place(value))).toEqual([200, 100, 0]);
  });

  it('holds whatever there is between its ends, with few ticks', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { maxLength: 20 }), (values) => {
        const { ticks, place } = axisOf(values, 10, 90);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(9);
        for (const value of [...values, 0]) {
          expect(place(value)).toBeGreaterThanOrEqual(10 - 1e-6);
          expect(place(value)).toBeLessThanOrEqual(90 + 1e-6);
        }
      }),
      { seed: 5 },
    );
  });
});
