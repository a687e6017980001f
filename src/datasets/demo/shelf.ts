/**
 * The articles that can be clicked on one day of the world, as flat columns: those of the day, once they are out, and
 * of the DAYS_BEFORE before it. Older articles are never clicked. Place p of each column belongs to the article with
 * index `first + p`.
 */
import { type Catalogue } from './catalogue.js';
import { MINUTE_MS } from './clock.js';
import { SECTIONS } from './sections.js';
import { ARTICLES_PER_DAY } from './threads.js';

export interface Shelf {
  readonly first: number;
  /** In minutes since 1970, with fractions. */
  readonly publishedMinute: Float64Array;
  /** Height of the burst, and how fast it rises and decays: natural rates a minute. */
  readonly appeal: Float64Array;
  readonly rise: Float64Array;
  readonly decay: Float64Array;
  readonly lasting: Float64Array;
  readonly onFrontPage: Uint8Array;
  readonly inNewsletter: Uint8Array;
  readonly kind: Uint16Array;
  readonly thread: Int32Array;
  readonly section: Uint8Array;
  readonly author: Uint8Array;
}

export const DAYS_BEFORE = 2;

/** The shelf of the day whose articles end before this index. */
export function shelfUpTo(catalogue: Catalogue, end: number): Shelf {
  const first = Math.max(0, end - (1 + DAYS_BEFORE) * ARTICLES_PER_DAY);
  const articles = Array.from({ length: end - first }, (_, place) => catalogue.article(first + place));
  const truths = articles.map((article) => article.truth);
  return {
    first,
    publishedMinute: Float64Array.from(articles, ({ publishedAt }) => publishedAt / MINUTE_MS),
    appeal: Float64Array.from(truths, ({ appeal }) => appeal),
    rise: Float64Array.from(truths, ({ riseMinutes }) => Math.LN2 / riseMinutes),
    decay: Float64Array.from(truths, ({ halfLifeMinutes }) => Math.LN2 / halfLifeMinutes),
    lasting: Float64Array.from(truths, ({ lasting }) => lasting),
    onFrontPage: Uint8Array.from(truths, ({ onFrontPage }) => Number(onFrontPage)),
    inNewsletter: Uint8Array.from(truths, ({ inNewsletter }) => Number(inNewsletter)),
    kind: Uint16Array.from(truths, ({ kind }) => kind),
    thread: Int32Array.from(truths, ({ thread }) => thread),
    section: Uint8Array.from(articles, ({ section }) => SECTIONS.indexOf(section)),
    author: Uint8Array.from(truths, ({ author }) => author),
  };
}
