import { trainingSlices } from '../../src/training/slices.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NONE = { known: null };

describe('trainingSlices', () => {
  it('takes a tenth of the time for each slice, and two for the rows of the ranker', () => {
    expect(trainingSlices({ from: 0, until: 5 * DAY, ...NONE })).toEqual({
      from: 0,
      fitFrom: 3 * DAY,
      rowsFrom: 3.5 * DAY,
      gateFrom: 4.5 * DAY,
      until: 5 * DAY,
    });
  });

  it.each([
    ['an hour at least', 3 * HOUR, HOUR],
    ['a day at most', 100 * DAY, DAY],
  ])('takes %s', (_, until, length) => {
    const { fitFrom, rowsFrom, gateFrom } = trainingSlices({ from: 0, until, ...NONE });
    expect([until - gateFrom, gateFrom - rowsFrom, rowsFrom - fitFrom]).toEqual([length, 2 * length, length]);
  });

  it('judges only what lies after the data of the snapshot in use', () => {
    const until = 10 * DAY;
    const later = trainingSlices({ from: 0, until, known: until - 2 * HOUR });
    const [gateFrom, rowsFrom, fitFrom] = [2, 50, 74].map((hours) => until - hours * HOUR);
    expect(later).toEqual({ from: 0, until, gateFrom, rowsFrom, fitFrom });
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
    const { fitFrom, rowsFrom, gateFrom } = trainingSlices({ from: 0, until: 5 * DAY + 1, ...NONE });
    expect([fitFrom, rowsFrom, gateFrom].every(Number.isInteger)).toBe(true);
  });
});
