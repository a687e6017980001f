import { COMMON_TASTE } from '../../../src/datasets/demo/sections.js';
import { DAY, sampleWorld, START } from './sample.js';

const world = sampleWorld();

describe('identify', () => {
  it('recovers every visitor from the user id and the context of an event', () => {
    const visits = world.visits(START, START + DAY);
    for (const { visitor } of visits) expect(world.visitor(visitor.userId, visitor.context)).toEqual(visitor);
    expect(visits.some(({ visitor }) => visitor.userId.startsWith('visitor-'))).toBe(true);
  });

  it('takes from the person what the context leaves out', () => {
    const reader = world.readers[41]!;
    const visitor = world.visitor(reader.id, { device: 'tablet', referrer: 'social' });
    expect(visitor.context).toEqual({ ...reader.context, device: 'tablet', referrer: 'social' });
    expect(visitor.taste).toBe(reader.taste);
  });

  it('gives a stranger the taste of the region, or of the country where there is none', () => {
    const region = world.regions[3]!;
    expect(world.visitor('somebody', { region: region.name }).taste).toBe(region.taste);
    for (const userId of ['somebody', 'reader-2001', 'reader-1', 'reader-0000', 'visitor-1', '']) {
      expect([...world.visitor(userId).taste]).toEqual(COMMON_TASTE);
    }
  });
});
