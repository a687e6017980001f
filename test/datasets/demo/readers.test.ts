import { createReaders } from '../../../src/datasets/demo/readers.js';
import { createRegions } from '../../../src/datasets/demo/regions.js';

const regions = createRegions(1);
const readers = createReaders(1, regions);

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}

describe('createReaders', () => {
  it('makes 2,000 readers of different ids', () => {
    expect(new Set(readers.map(({ id }) => id)).size).toBe(2000);
    expect([readers[0]!.id, readers[1999]!.id]).toEqual(['reader-0001', 'reader-2000']);
  });

  it('fills the regions by their shares', () => {
    for (const { name, share } of regions) {
      const found = readers.filter(({ context }) => context.region === name).length / readers.length;
      expect(Math.abs(found - share)).toBeLessThan(0.03);
    }
  });

  it('gives tastes, hours and referrers that sum to 1', () => {
    for (const { taste, hours, referrers } of readers) {
      for (const shares of [taste, hours, referrers]) expect(sum(shares)).toBeCloseTo(1, 9);
    }
  });

  it('has peaky tastes: the favourite section of most readers weighs more than two average ones', () => {
    const favourites = readers.map(({ taste }) => Math.max(...taste)).sort((one, other) => one - other);
    expect(favourites[1000]!).toBeGreaterThan(2 / 8);
  });

  it('draws tastes around that of the region', () => {
    for (const region of regions.filter(({ share }) => share > 0.1)) {
      const own = readers.filter(({ context }) => context.region === region.name);
      const means = [...region.taste].map((_, section) => sum(own.map(({ taste }) => taste[section]!)) / own.length);
      expect(means.indexOf(Math.max(...means))).toBe(region.taste.indexOf(Math.max(...region.taste)));
    }
  });

  it('has heavy-tailed loyalty: the keenest tenth make more than a quarter of the visits', () => {
    const loyalties = readers.map(({ loyalty }) => loyalty).sort((one, other) => other - one);
    expect(sum(loyalties.slice(0, 200))).toBeGreaterThan(0.25 * sum(loyalties));
  });

  it('runs on each device only systems that go with it', () => {
    const pairs = new Set(readers.map(({ context }) => `${context.device} ${context.os}`));
    expect([...pairs].sort()).toEqual([
      'desktop linux',
      'desktop macos',
      'desktop windows',
      'phone android',
      'phone ios',
      'tablet android',
      'tablet ios',
    ]);
  });

  it('has readers abroad only in other countries, and all others at home', () => {
    for (const { context } of readers) expect(context.country === 'alderland').toBe(context.region !== 'abroad');
  });
});
