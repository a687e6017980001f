import { DAY, sampleWorld, START } from './sample.js';

const world = sampleWorld();
const visits = world.visits(START, START + 7 * DAY);

function share(of: (visit: (typeof visits)[number]) => boolean): number {
  return visits.filter(of).length / visits.length;
}

describe('visits', () => {
  it('come about 1,800 a day, in order of time, each with a session of its own', () => {
    expect(Math.abs(visits.length / 7 - 1800)).toBeLessThan(90);
    expect(visits.every((visit, place) => place === 0 || visits[place - 1]!.startsAt <= visit.startsAt)).toBe(true);
    expect(new Set(visits.map(({ sessionId }) => sessionId)).size).toBe(visits.length);
  });

  it('are to a twentieth those of people never seen before, each of whom comes once', () => {
    const newcomers = visits.filter(({ visitor }) => visitor.userId.startsWith('visitor-'));
    expect(Math.abs(newcomers.length / visits.length - 0.05)).toBeLessThan(0.01);
    expect(new Set(newcomers.map(({ visitor }) => visitor.userId)).size).toBe(newcomers.length);
  });

  it('follow the rhythm of the day', () => {
    const between = (from: number, to: number): number =>
      visits.filter(({ startsAt }) => {
        const hour = new Date(startsAt).getUTCHours();
        return from <= hour && hour < to;
      }).length;
    expect(between(17, 22)).toBeGreaterThan(1.5 * between(0, 5));
  });

  it('come by every referrer, newcomers mostly by search and social', () => {
    for (const referrer of ['search', 'social', 'direct', 'newsletter']) {
      expect(share(({ visitor }) => visitor.context.referrer === referrer)).toBeGreaterThan(0.05);
    }
    const newcomers = visits.filter(({ visitor }) => visitor.userId.startsWith('visitor-'));
    const found = newcomers.filter(({ visitor }) => ['search', 'social'].includes(visitor.context.referrer!));
    expect(found.length / newcomers.length).toBeGreaterThan(0.8);
  });

  it('bring the reader back with the same device, system, country and region', () => {
    const readers = new Map(world.readers.map((reader) => [reader.id, reader.context]));
    for (const { visitor } of visits) {
      const known = readers.get(visitor.userId);
      if (known !== undefined) expect(visitor.context).toMatchObject(known);
    }
  });
});
