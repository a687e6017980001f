import { createAuthors } from '../../../src/datasets/demo/authors.js';
import { createRegions } from '../../../src/datasets/demo/regions.js';
import { ARTICLES_PER_DAY, threadsOfDay, type Part } from '../../../src/datasets/demo/threads.js';

const NEWSROOM = { seed: 1, regions: createRegions(1), authors: createAuthors(1) };
const DAYS = Array.from({ length: 20 }, (_, day) => threadsOfDay(NEWSROOM, day - 1));

function byThread(parts: readonly Part[]): Part[][] {
  const threads = new Map<number, Part[]>();
  for (const part of parts) threads.set(part.thread.number, [...(threads.get(part.thread.number) ?? []), part]);
  return [...threads.values()];
}

describe('threadsOfDay', () => {
  it('fills exactly the articles of a day', () => {
    for (const parts of DAYS) expect(parts).toHaveLength(ARTICLES_PER_DAY);
  });

  it('gives every thread two to six parts, in their order, on one day', () => {
    for (const thread of DAYS.flatMap(byThread)) {
      expect(thread.length).toBeGreaterThanOrEqual(2);
      expect(thread.length).toBeLessThanOrEqual(6);
      expect(thread.map(({ part }) => part)).toEqual(thread.map((_, place) => place));
    }
    expect(byThread(DAYS.flat())).toHaveLength(DAYS.flatMap(byThread).length);
  });

  it('lets authors write only in their sections', () => {
    for (const { thread } of DAYS.flat()) {
      for (const author of thread.authors) expect(author.sections).toContain(thread.section);
    }
  });

  it('sets a regional thread in a town of its region, and never breaks it nationally', () => {
    const regional = DAYS.flat().filter(({ thread }) => thread.region !== undefined);
    expect(regional.length).toBeGreaterThan(200);
    for (const { thread } of regional) {
      expect(NEWSROOM.regions.find(({ name }) => name === thread.region)!.towns).toContain(thread.place);
      expect(thread.breaking).toBe(false);
    }
  });

  it('has a breaking story or two on most days', () => {
    const breaking = DAYS.map((parts) => byThread(parts).filter(([first]) => first!.thread.breaking).length);
    expect(breaking.filter((count) => count > 0).length).toBeGreaterThan(10);
    expect(Math.max(...breaking)).toBeLessThan(6);
  });
});
