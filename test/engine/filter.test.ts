import { type Filter, partition, prepareFilters } from '../../src/engine/filter.js';
import { type ResolvedQuery } from '../../src/engine/query.js';
import { type World } from '../../src/engine/source.js';

const even = { name: 'even', keeps: (item: number) => item % 2 === 0 };
const small = { name: 'small', keeps: (item: number) => item < 10 };
const all = { name: 'all', keeps: () => true };
const ITEMS = Int32Array.of(12, 4, 11, 3, 8);

describe('partition', () => {
  it('keeps the places, in order, of what all filters keep', () => {
    expect([...partition(ITEMS, [even, small]).kept]).toEqual([1, 4]);
    expect([...partition(ITEMS, []).kept]).toEqual([0, 1, 2, 3, 4]);
    expect([...partition(new Int32Array(0), [even]).kept]).toEqual([]);
  });

  it('counts each removed item at the first filter that removes it, and leaves out filters that removed none', () => {
    expect(partition(ITEMS, [even, all, small]).removed).toEqual([
      { filter: 'even', count: 2 },
      { filter: 'small', count: 1 },
    ]);
    expect(partition(ITEMS, [small, even]).removed).toEqual([
      { filter: 'small', count: 2 },
      { filter: 'even', count: 1 },
    ]);
  });
});

describe('prepareFilters', () => {
  const prepare = (...filters: Filter[]) => prepareFilters(filters, {} as ResolvedQuery, {} as World);

  it('leaves out filters that have nothing to say, and keeps the order of the rest', () => {
    const ready = prepare(
      { name: 'first', prepare: () => even.keeps },
      { name: 'silent', prepare: () => null },
      { name: 'last', prepare: () => small.keeps },
    );
    expect(ready).toEqual([
      { name: 'first', keeps: even.keeps },
      { name: 'last', keeps: small.keeps },
    ]);
  });

  it('never fails open', () => {
    const broken: Filter = {
      name: 'broken',
      prepare() {
        throw new Error('no answer');
      },
    };
    expect(() => prepare(broken)).toThrow('no answer');
  });
});
