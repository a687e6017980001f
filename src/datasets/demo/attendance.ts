/** Who comes when: the readers' loyalty and usual hours add up to the site's daily rhythm. */
import { type Random } from '../../math/random.js';
import { type Reader } from './readers.js';

export interface Attendance {
  /** Mean number of visits in a minute of this UTC hour. */
  visitsPerMinute(hour: number): number;
  /** One of the readers, drawn as they come in this UTC hour. */
  drawReader(random: Random, hour: number): Reader;
}

/** Attendance of these readers, `visitsPerDay` of them on average. Memory: a number for each reader and hour. */
export function createAttendance(readers: readonly Reader[], visitsPerDay: number): Attendance {
  const loyalty = readers.reduce((sum, reader) => sum + reader.loyalty, 0);
  const cumulative = Array.from({ length: 24 }, (_, hour) => {
    let sum = 0;
    return Float64Array.from(readers, (reader) => (sum += (reader.loyalty / loyalty) * reader.hours[hour]!));
  });
  return {
    visitsPerMinute: (hour) => (cumulative[hour]!.at(-1)! * visitsPerDay) / 60,
    drawReader: (random, hour) => {
      const upTo = cumulative[hour]!;
      return readers[firstAbove(upTo, random.next() * upTo.at(-1)!)]!;
    },
  };
}

/** Index of the first element above the value, by bisection; the last one if there is none. */
function firstAbove(rising: Float64Array, value: number): number {
  let low = 0;
  let high = rising.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rising[middle]! > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
