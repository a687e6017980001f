/** The people of the demo world: 2,000 readers with habits, and newcomers whom nobody has seen before. */
import { type Context } from '../../events/event.js';
import { seededRandom, type Random } from '../../math/random.js';
import { logNormal, normalised, pick, weightedIndex } from './draw.js';
import { type Region } from './regions.js';
import { STREAM } from './streams.js';
import { REFERRERS } from './pulls.js';

/** Device, os, country, region and taste belong to the person; the referrer belongs to the visit. */
export interface Person {
  readonly context: Context;
  /** Over SECTIONS, summing to 1: peaky, drawn around the taste of the region. */
  readonly taste: Float64Array;
  readonly subscriber: boolean;
}

export interface Reader extends Person {
  readonly id: string;
  /** How often this reader comes, against the median of 1; heavy-tailed. */
  readonly loyalty: number;
  /** Share of the visits in each UTC hour. */
  readonly hours: Float64Array;
  /** Share of the visits by each of REFERRERS. */
  readonly referrers: Float64Array;
}

const READERS = 2000;
const TASTE_SIGMA = 1.2;
const LOYALTY_SIGMA = 0.9;
const SUBSCRIBER_SHARE = 0.25;
/** Which hour a reader prefers: before work, at lunch, in the evening. */
const PREFERRED_HOURS = [2, 1, 1, 1, 1, 3, 7, 10, 8, 6, 5, 6, 9, 7, 5, 4, 5, 6, 7, 9, 11, 10, 7, 4];
const HOURS_SPREAD = 2.5;
const AT_ANY_HOUR = 0.2;
/** In the order of REFERRERS. */
const REFERRER_SHARES = [0.24, 0.26, 0.4, 0.1];
const DEVICES = ['phone', 'desktop', 'tablet'];
const DEVICE_SHARES = [0.58, 0.35, 0.07];
const SYSTEMS: Readonly<Record<string, readonly [names: readonly string[], shares: readonly number[]]>> = {
  phone: [
    ['android', 'ios'],
    [0.6, 0.4],
  ],
  desktop: [
    ['windows', 'macos', 'linux'],
    [0.66, 0.26, 0.08],
  ],
  tablet: [
    ['ios', 'android'],
    [0.62, 0.38],
  ],
};
const HOURS_AROUND = PREFERRED_HOURS.map((_, preferred) => hoursAround(preferred));

/** The readers of the seed's world, in the order of their ids. */
export function createReaders(seed: number, regions: readonly Region[]): readonly Reader[] {
  return Array.from({ length: READERS }, (_, index) => {
    const random = seededRandom(seed, STREAM.readers, index);
    return {
      id: `reader-${String(index + 1).padStart(4, '0')}`,
      ...drawPerson(random, regions),
      subscriber: random.next() < SUBSCRIBER_SHARE,
      loyalty: logNormal(random, LOYALTY_SIGMA),
      hours: HOURS_AROUND[weightedIndex(random, PREFERRED_HOURS)]!,
      referrers: normalised(REFERRERS.map((_, place) => REFERRER_SHARES[place]! * logNormal(random, 0.8))),
    };
  });
}

/** Someone from anywhere, without a subscription. */
export function drawPerson(random: Random, regions: readonly Region[]): Person {
  const region =
    regions[
      weightedIndex(
        random,
        Float64Array.from(regions, ({ share }) => share),
      )
    ]!;
  const device = DEVICES[weightedIndex(random, DEVICE_SHARES)]!;
  const [names, shares] = SYSTEMS[device]!;
  const os = names[weightedIndex(random, shares)]!;
  return {
    context: { device, os, country: pick(random, region.countries), region: region.name },
    taste: normalised(region.taste.map((share) => share * logNormal(random, TASTE_SIGMA))),
    subscriber: false,
  };
}

/** A bell around the hour, on the circle of the day, over a floor. */
function hoursAround(preferred: number): Float64Array {
  const bell = Float64Array.from({ length: 24 }, (_, hour) => {
    const apart = Math.abs(hour - preferred);
    return Math.exp(-0.5 * (Math.min(apart, 24 - apart) / HOURS_SPREAD) ** 2);
  });
  return normalised(bell).map((share) => (1 - AT_ANY_HOUR) * share + AT_ANY_HOUR / 24);
}
