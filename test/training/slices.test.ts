import { trainingSlices } from '../../src/training/slices.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NONE = { known: null };

describe('trainingSlices', () => {
  it('takes a tenth of the time for each slice', () => {
    expect(trainingSlices({ from: 0, until: 5 * DAY, ...NONE })).toEqual({
      from: 0,
      fitFrom: 4 * DAY,
      gateFrom: 4.5 * DAY,
      until: 5 * DAY,
    });
  });

  it.each([
    ['an hour at least', 3 * HOUR, HOUR],
    ['a day at most', 100 * DAY, DAY],
  ])('takes %s', (_, until, length) => {
    const { fitFrom, gateFrom } = trainingSlices({ from: 0, until, ...NONE });
    expect([until - gateFrom, gateFrom - fitFrom]).toEqual([length, length]);
  });

  it('judges only what lies after the data of the snapshot in use', () => {
    const until = 10 * DAY;
    const later = trainingSlices({ from: 0, until, known: until - 2 * HOUR });
    expect(later).toEqual({ from: 0, until, gateFrom: until - 2 * HOUR, fitFrom: until - 26 * HOUR });
    const earlier = trainingSlices({ from: 0, until, known: 3 * DAY });
    expect(earlier.gateFrom).toBe(9 * DAY);
  });

  it.each([0, HOUR])('leaves nothing to judge by where the snapshot in use knows all and %d ms more', (more) => {
    const until = 10 * DAY;
    const { fitFrom, gateFrom } = trainingSlices({ from: 0, until, known: until + more });
    expect(gateFrom).toBe(until);
    expect(fitFrom).toBeLessThan(gateFrom);
  });

  it('cuts at whole milliseconds, for a manifest tells where the data end', () => {
    const { fitFrom, gateFrom } = trainingSlices({ from: 0, until: 5 * DAY + 1, ...NONE });
    expect([fitFrom, gateFrom].every(Number.isInteger)).toBe(true);
  });
});
