import { type Article } from '../../../src/datasets/demo/articles.js';
import { DAY, HOUR, sampleWorld, START } from './sample.js';

const world = sampleWorld();
const articles: readonly Article[] = Array.from({ length: 1500 }, (_, index) => world.article(index));

describe('catalogue', () => {
  it('publishes articles in the order of their indexes and ids', () => {
    articles.forEach((article, index) => {
      expect(article.index).toBe(index);
      expect(world.indexOf(article.id)).toBe(index);
      if (index > 0) expect(article.publishedAt).toBeGreaterThanOrEqual(articles[index - 1]!.publishedAt);
    });
    expect([articles[0]!.id, articles[1499]!.id]).toEqual(['article-0001', 'article-1500']);
  });

  it('has 1,500 articles out by the end of two weeks, a hundred of them from the day before the first', () => {
    expect(world.publishedBy(START - DAY - 1)).toBe(0);
    expect(world.publishedBy(START - 1)).toBe(100);
    expect(world.publishedBy(START + 14 * DAY - 1)).toBe(1500);
  });

  it('counts an article as out from the moment of its publication', () => {
    const { publishedAt, index } = articles[777]!;
    expect(world.publishedBy(publishedAt - 1)).toBeLessThanOrEqual(index);
    expect(world.publishedBy(publishedAt)).toBeGreaterThan(index);
  });

  it('publishes more by day than by night', () => {
    const hours = articles.map(({ publishedAt }) => new Date(publishedAt).getUTCHours());
    const between = (from: number, to: number): number => hours.filter((hour) => from <= hour && hour < to).length;
    expect(between(8, 14)).toBeGreaterThan(4 * between(0, 6));
  });

  it('goes on for years without making the time between', () => {
    const index = world.publishedBy(START + 1000 * DAY);
    expect(index).toBeGreaterThan(100_000);
    expect(world.article(index).id).toBe(`article-${index + 1}`);
    expect(world.article(index).publishedAt - (START + 1000 * DAY)).toBeLessThan(12 * HOUR);
  });

  it('knows no index for ids that it never gives', () => {
    for (const id of ['article-1', 'article-0000', 'article-00001', 'article-', 'item-0001', 'reader-0001', '']) {
      expect(world.indexOf(id)).toBeUndefined();
    }
  });

  it('writes titles of which more than 95 % are distinct', () => {
    expect(new Set(articles.map(({ title }) => title)).size).toBeGreaterThan(0.95 * articles.length);
  });

  it('has eight sections, forty authors, and lengths, tags and premium pieces in all of them', () => {
    expect(new Set(articles.map(({ section }) => section)).size).toBe(8);
    expect(new Set(articles.map(({ author }) => author)).size).toBe(40);
    expect(articles.every(({ words, tags }) => words >= 50 && words <= 2600 && tags.length === 2)).toBe(true);
    const premium = articles.filter((article) => article.premium).length / articles.length;
    expect(premium).toBeGreaterThan(0.1);
    expect(premium).toBeLessThan(0.2);
  });
});
