/**
 * Every article of the demo world, past and future, made a day at a time when it is asked for. The world opens with a
 * day's stock, so that its first readers find something to read.
 */
import { articleId, articlesOfDay, type Article } from './articles.js';
import { DAY_MS } from './clock.js';
import { remember } from './remember.js';
import { ARTICLES_PER_DAY, type Newsroom } from './threads.js';

export interface Catalogue {
  /** The article with this index; it may lie in the future. */
  article(index: number): Article;
  /** The index of an id, or undefined where the world never has such an article. */
  indexOf(id: string): number | undefined;
  /** How many articles are out by then: those below this index, as indexes rise with time. */
  publishedBy(atMs: number): number;
}

const DAYS_KEPT = 64;

/** The catalogue of the world that starts then. */
export function createCatalogue(newsroom: Newsroom, startsAt: number): Catalogue {
  const stockStartsAt = startsAt - DAY_MS;
  const dayAt = remember(DAYS_KEPT, (block) => articlesOfDay(newsroom, block - 1, stockStartsAt + block * DAY_MS));
  return {
    article: (index) => dayAt(Math.floor(index / ARTICLES_PER_DAY))[index % ARTICLES_PER_DAY]!,
    indexOf: (id) => {
      const index = Number(/^article-(\d+)$/.exec(id)?.[1] ?? 0) - 1;
      return index >= 0 && articleId(index) === id ? index : undefined;
    },
    publishedBy: (atMs) => {
      const block = Math.floor((atMs - stockStartsAt) / DAY_MS);
      if (block < 0) return 0;
      return block * ARTICLES_PER_DAY + dayAt(block).filter((article) => article.publishedAt <= atMs).length;
    },
  };
}
