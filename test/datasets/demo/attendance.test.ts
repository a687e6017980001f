import { createAttendance } from '../../../src/datasets/demo/attendance.js';
import { type Reader } from '../../../src/datasets/demo/readers.js';
import { seededRandom } from '../../../src/math/random.js';

function reader(id: string, loyalty: number, hour: number): Reader {
  const hours = new Float64Array(24);
  hours[hour] = 1;
  const referrers = Float64Array.of(1, 0, 0, 0);
  return { id, loyalty, hours, referrers, context: {}, taste: new Float64Array(8), subscriber: false };
}

const attendance = createAttendance([reader('early', 1, 6), reader('late', 2, 20), reader('later', 1, 20)], 960);

describe('createAttendance', () => {
  it('adds up to the visits of a day', () => {
    const perMinute = Array.from({ length: 24 }, (_, hour) => attendance.visitsPerMinute(hour));
    expect(60 * perMinute.reduce((total, visits) => total + visits, 0)).toBeCloseTo(960, 9);
  });

  it('lets readers come at their hours', () => {
    expect(attendance.visitsPerMinute(6)).toBeCloseTo(4, 9);
    expect(attendance.visitsPerMinute(20)).toBeCloseTo(12, 9);
    expect(attendance.drawReader(seededRandom(1), 6).id).toBe('early');
  });

  it('lets readers come in proportion to their loyalty', () => {
    const random = seededRandom(2);
    const ids = Array.from({ length: 3000 }, () => attendance.drawReader(random, 20).id);
    expect(ids.filter((id) => id === 'late').length / ids.length).toBeCloseTo(2 / 3, 1);
    expect(ids).not.toContain('early');
  });
});
