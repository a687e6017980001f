/**
 * Articles of the demo world: what the site says of them, and the truth about them that only the generator knows.
 * A day's articles follow from (seed, day) alone; numbers rise with the time of publication.
 */
import { seededRandom, type Random } from '../../math/random.js';
import { DAY_MS, HOUR_MS } from './clock.js';
import { logNormal, weightedIndex } from './draw.js';
import { headline, tagOf } from './headlines.js';
import { kindOf } from './liking.js';
import { type Section } from './sections.js';
import { STREAM } from './streams.js';
import { ARTICLES_PER_DAY, threadsOfDay, type Newsroom, type Part } from './threads.js';

export interface Article {
  /** Place in the order of publication, counted from 0; `id` counts from 1. */
  readonly index: number;
  readonly id: string;
  readonly publishedAt: number;
  readonly title: string;
  readonly section: Section;
  readonly author: string;
  readonly tags: readonly string[];
  readonly words: number;
  readonly premium: boolean;
  /** Only of stories that are told for one region. */
  readonly region: string | undefined;
  readonly truth: ArticleTruth;
}

export interface ArticleTruth {
  readonly thread: number;
  readonly breaking: boolean;
  /** Height of the burst. */
  readonly appeal: number;
  readonly riseMinutes: number;
  readonly halfLifeMinutes: number;
  /** Worth to those who search, long after the burst. */
  readonly lasting: number;
  readonly onFrontPage: boolean;
  readonly inNewsletter: boolean;
  /** Section, length, premium and region in one number (`liking.ts`). */
  readonly kind: number;
  /** The author's number. */
  readonly author: number;
}

/** When articles appear: a weight for each UTC hour of the day. */
const PUBLISHING_HOURS = [1, 1, 1, 1, 2, 4, 7, 8, 8, 8, 8, 8, 8, 7, 7, 8, 8, 8, 7, 6, 5, 4, 3, 2];
const MAX_HALF_LIFE_MINUTES = 24 * 60;

/** The articles of the day of the world that begins at `dayStartsAt`, in order of publication. */
export function articlesOfDay(newsroom: Newsroom, day: number, dayStartsAt: number): readonly Article[] {
  const random = seededRandom(newsroom.seed, STREAM.articles, day);
  const times = Float64Array.from({ length: ARTICLES_PER_DAY }, () => publicationTime(random, dayStartsAt)).sort();
  return threadsOfDay(newsroom, day).map((part, place) => {
    // Days are counted from the world's start; the day before it is its stock, so numbers begin there.
    const index = (day + 1) * ARTICLES_PER_DAY + place;
    return drawArticle(random, part, { index, publishedAt: times[place]! });
  });
}

/** Whole seconds; the day may begin at any minute, the hours are those of the clock. */
function publicationTime(random: Random, dayStartsAt: number): number {
  const timeOfDay = weightedIndex(random, PUBLISHING_HOURS) * HOUR_MS + random.below(3600) * 1000;
  return dayStartsAt + ((((timeOfDay - dayStartsAt) % DAY_MS) + DAY_MS) % DAY_MS);
}

function drawArticle(random: Random, { thread, part }: Part, at: { index: number; publishedAt: number }): Article {
  const breaking = thread.breaking && part === 0;
  const author = part > 0 && random.next() < 0.4 ? thread.authors[1] : thread.authors[0];
  const words = breaking ? 120 + random.below(200) : Math.round(Math.min(2600, 520 * logNormal(random, 0.55)));
  const premium = !breaking && random.next() < 0.15;
  const appeal = thread.importance * author.appeal * logNormal(random, 0.6) * 0.85 ** part;
  const halfLifeMinutes = Math.min(MAX_HALF_LIFE_MINUTES, 170 * logNormal(random, 0.8));
  return {
    ...at,
    id: articleId(at.index),
    title: headline(random, thread, part),
    section: thread.section,
    author: author.name,
    tags: [tagOf(thread.subject), tagOf(thread.place)],
    words,
    premium,
    region: thread.region,
    truth: {
      thread: thread.number,
      breaking,
      appeal: breaking ? 18 * logNormal(random, 0.25) : appeal,
      riseMinutes: breaking ? 2 : 3 + random.below(10),
      halfLifeMinutes: breaking ? 60 + random.below(90) : Math.max(25, halfLifeMinutes),
      lasting: logNormal(random, 1.3),
      onFrontPage: breaking || random.next() < Math.min(0.6, 0.15 * appeal),
      inNewsletter: random.next() < 0.1,
      kind: kindOf({ section: thread.section, words, premium, region: thread.region }),
      author: author.number,
    },
  };
}

/** `article-0001` is the first. */
export function articleId(index: number): string {
  return `article-${String(index + 1).padStart(4, '0')}`;
}
