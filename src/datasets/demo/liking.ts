/**
 * What a person makes of an article, apart from the news in it: taste over sections, the length that suits the device,
 * whether premium pieces open, and whether it tells of home. Articles that differ in nothing else are of one kind, so a
 * person is a table of factors, one a kind.
 */
import { REGION_NAMES } from './regions.js';
import { SECTIONS, type Section } from './sections.js';

/** Upper bounds, in words, of the short and the middle length; anything above is long. */
const SHORT_WORDS = 400;
const MIDDLE_WORDS = 900;
const LENGTHS = 3;
const KINDS_OF_ONE_REGION = SECTIONS.length * LENGTHS * 2;

/** Liking for short, middle and long pieces. */
const LIKING_BY_DEVICE: Readonly<Record<string, readonly number[]>> = {
  phone: [1.4, 1, 0.5],
  desktop: [0.8, 1, 1.4],
  tablet: [0.7, 1, 1.9],
};
const ANY_DEVICE = [1, 1, 1];
const PREMIUM_TO_SUBSCRIBERS = 1.5;
const PREMIUM_TO_OTHERS = 0.3;
const AT_HOME = 5;
const ELSEWHERE = 0.25;

export interface Kind {
  readonly section: Section;
  readonly words: number;
  readonly premium: boolean;
  readonly region: string | undefined;
}

/** The kind of an article as a number: an index into what `likingOf` returns. */
export function kindOf({ section, words, premium, region }: Kind): number {
  const length = words < SHORT_WORDS ? 0 : words < MIDDLE_WORDS ? 1 : 2;
  const kind = (SECTIONS.indexOf(section) * LENGTHS + length) * 2 + (premium ? 1 : 0);
  // Stories for the whole country come first.
  return kind + (region === undefined ? 0 : REGION_NAMES.indexOf(region) + 1) * KINDS_OF_ONE_REGION;
}

export interface Reading {
  /** Over SECTIONS, summing to 1. */
  readonly taste: Float64Array;
  readonly device: string | undefined;
  readonly region: string | undefined;
  readonly subscriber: boolean;
}

/** One factor a kind; 1 is what a person of even taste makes of a free piece of middle length for the whole country. */
export function likingOf({ taste, device, region, subscriber }: Reading): Float64Array {
  const lengths = LIKING_BY_DEVICE[device ?? ''] ?? ANY_DEVICE;
  const premium = subscriber ? PREMIUM_TO_SUBSCRIBERS : PREMIUM_TO_OTHERS;
  const liking = new Float64Array(KINDS_OF_ONE_REGION * (1 + REGION_NAMES.length));
  for (let kind = 0; kind < KINDS_OF_ONE_REGION; kind += 1) {
    const length = (kind >> 1) % LENGTHS;
    const section = Math.floor((kind >> 1) / LENGTHS);
    const factor = taste[section]! * SECTIONS.length * lengths[length]! * (kind % 2 === 1 ? premium : 1);
    liking[kind] = factor;
    REGION_NAMES.forEach((name, place) => {
      liking[kind + (place + 1) * KINDS_OF_ONE_REGION] = factor * (name === region ? AT_HOME : ELSEWHERE);
    });
  }
  return liking;
}
