import { createWorld } from '../../../src/datasets/demo/world.js';
import { SECTIONS } from '../../../src/datasets/demo/sections.js';
import { DAY, HOUR, sampleWorld, START } from './sample.js';

const world = sampleWorld();
const END = START + 14 * DAY;
const clicks = world.clicks(START, END);

describe('createWorld', () => {
  it('makes the same world of the same seed, and another of another', () => {
    const day = (seed: number): unknown[] => [...sampleWorld(seed).events(START, START + DAY / 4)].flat();
    expect(day(1)).toEqual(day(1));
    expect(day(2)).not.toEqual(day(1));
  });

  it('has 60,000 to 90,000 clicks and 1,500 articles in two weeks', () => {
    expect(clicks.length).toBeGreaterThan(60_000);
    expect(clicks.length).toBeLessThan(90_000);
    expect(world.publishedBy(END - 1)).toBe(1500);
    expect(world.readers).toHaveLength(2000);
    expect(world.regions).toHaveLength(10);
    expect(world.authors).toHaveLength(40);
  });

  it('repeats, across sessions, a small part of the clicks only', () => {
    const pairs = new Set(clicks.map(({ visit, article }) => `${visit.visitor.userId} ${article.id}`));
    expect(pairs.size / clicks.length).toBeGreaterThan(0.85);
  });

  it('has regions with tastes of their own: each clicks most, against the country, what its taste favours', () => {
    const shares = (of: typeof clicks): number[] =>
      SECTIONS.map((section) => of.filter(({ article }) => article.section === section).length / of.length);
    const country = shares(clicks);
    const rises = world.regions.map((region) => {
      const own = shares(clicks.filter(({ visit }) => visit.visitor.context.region === region.name));
      const lifts = own.map((share, place) => Math.log(share / country[place]!));
      const byTaste = [...region.taste.keys()].sort((one, other) => region.taste[other]! - region.taste[one]!);
      return lifts[byTaste[0]!]! - lifts[byTaste.at(-1)!]!;
    });
    for (const rise of rises) expect(rise).toBeGreaterThan(0.3);
  });

  it('lets the clicks on an article decay after its burst', () => {
    let [first, second, third] = [0, 0, 0];
    for (const { article, at } of clicks) {
      const { truth, publishedAt } = article;
      if (publishedAt < START || truth.halfLifeMinutes > 240) continue;
      const halfLives = (at - publishedAt) / 60_000 / truth.halfLifeMinutes;
      if (halfLives < 2) first += 1;
      else if (halfLives < 4) second += 1;
      else if (halfLives < 6) third += 1;
    }
    expect(first).toBeGreaterThan(2 * second);
    expect(second).toBeGreaterThan(2 * third);
  });

  it('lets a breaking story reach the top of its hour', () => {
    const breaking = Array.from({ length: 1400 }, (_, place) => world.article(100 + place)).filter(
      ({ truth, publishedAt }) => truth.breaking && publishedAt < END - HOUR,
    );
    expect(breaking.length).toBeGreaterThan(8);
    const atTop = breaking.filter(({ index, publishedAt }) => {
      const counts = new Map<number, number>();
      for (const { article } of world.clicks(publishedAt, publishedAt + HOUR)) {
        counts.set(article.index, (counts.get(article.index) ?? 0) + 1);
      }
      return counts.get(index) === Math.max(...counts.values());
    });
    expect(atTop.length / breaking.length).toBeGreaterThan(0.8);
  });

  it('refuses a start within a minute and a broken seed', () => {
    expect(() => createWorld({ seed: 1, startsAt: 61_000 })).toThrow(
      'a world starts at a whole minute, not at 61000 ms',
    );
    expect(() => createWorld({ seed: 0.5, startsAt: 0 })).toThrow('the seed of a world is a whole number, not 0.5');
  });
});
