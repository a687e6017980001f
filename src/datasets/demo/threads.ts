/**
 * Threads: two to six articles about the same affair. A day's threads fill exactly its articles, so the number of an
 * article says on which day it appears without making the days before it. No thread runs past its day of the world.
 */
import { seededRandom, type Random } from '../../math/random.js';
import { type Author } from './authors.js';
import { exponential, logNormal, pick, weightedIndex } from './draw.js';
import { type Story } from './headlines.js';
import { type Region } from './regions.js';
import { PUBLISHED_SHARES, SECTIONS } from './sections.js';
import { STREAM } from './streams.js';
import { VOCABULARY } from './vocabulary.js';

export const ARTICLES_PER_DAY = 100;

export interface Thread extends Story {
  readonly number: number;
  /** Name of the region it happens in, where only that region cares much. */
  readonly region: string | undefined;
  /** The lead, and who writes some of the later parts. */
  readonly authors: readonly [Author, Author];
  /** Multiplies the appeal of every part; median 1. */
  readonly importance: number;
}

/** The thread to which an article belongs, and the article's place in it, counted from 0. */
export interface Part {
  readonly thread: Thread;
  readonly part: number;
}

export interface Newsroom {
  readonly seed: number;
  readonly regions: readonly Region[];
  readonly authors: readonly Author[];
}

/** Parts of one affair lie this many articles apart on average, other threads' articles between them. */
const MEAN_GAP = 8;
const REGIONAL_SHARE = 0.2;
const REGIONAL_SHARE_OF_LOCAL = 0.85;
const BREAKING_SHARE = 0.07;
const IMPORTANCE_SIGMA = 0.6;

/** The parts of a day's threads in the order in which they appear; ARTICLES_PER_DAY of them. */
export function threadsOfDay(newsroom: Newsroom, day: number): readonly Part[] {
  const random = seededRandom(newsroom.seed, STREAM.threads, day);
  const keyed: { key: number; part: Part }[] = [];
  while (keyed.length < ARTICLES_PER_DAY) {
    const thread = drawThread(random, newsroom, day * ARTICLES_PER_DAY + keyed.length);
    const size = sizeFor(random, ARTICLES_PER_DAY - keyed.length);
    let key = random.next() * ARTICLES_PER_DAY;
    for (let part = 0; part < size; part += 1) {
      keyed.push({ key, part: { thread, part } });
      key += exponential(random, MEAN_GAP);
    }
  }
  return keyed.sort((one, other) => one.key - other.key).map(({ part }) => part);
}

/** Two to six, leaving either nothing or at least two for the next thread; `left` is at least two. */
function sizeFor(random: Random, left: number): number {
  const size = Math.min(left, 2 + random.below(5));
  if (left - size !== 1) return size;
  return size < 6 ? size + 1 : size - 1;
}

function drawThread(random: Random, { regions, authors }: Newsroom, number: number): Thread {
  const section = SECTIONS[weightedIndex(random, PUBLISHED_SHARES)]!;
  const reported = regions.filter((region) => region.towns.length > 0);
  const place =
    reported[
      weightedIndex(
        random,
        Float64Array.from(reported, (region) => region.share),
      )
    ]!;
  const regional = random.next() < (section === 'local' ? REGIONAL_SHARE_OF_LOCAL : REGIONAL_SHARE);
  const desk = authors.filter((author) => author.sections.includes(section));
  const { subjects, angles } = VOCABULARY[section];
  return {
    number,
    section,
    region: regional ? place.name : undefined,
    place: pick(random, place.towns),
    subject: pick(random, subjects),
    firstAngle: random.below(angles.length),
    authors: [pick(random, desk), pick(random, desk)],
    importance: logNormal(random, IMPORTANCE_SIGMA),
    breaking: random.next() < BREAKING_SHARE && !regional,
  };
}
