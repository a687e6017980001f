import fc from 'fast-check';
import { type ItemEvent } from '../../src/events/event.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { Items } from '../../src/state/items.js';
import { reloaded } from '../support/saved.js';

const about = (itemId: string, at: number, rest: Partial<ItemEvent> = {}): ItemEvent => ({
  kind: 'item',
  itemId,
  at,
  ...rest,
});
function itemsOf(events: readonly ItemEvent[], items = new Items()): Items {
  for (const event of events) items.upsert(event);
  return items;
}
const events = fc.array(
  fc.record<ItemEvent>({
    kind: fc.constant('item'),
    itemId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    at: fc.integer({ min: 1, max: 9 }),
    publishedAt: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
    available: fc.option(fc.boolean(), { nil: undefined }),
    attributes: fc.option(fc.dictionary(fc.constantFrom('x', 'y'), fc.constantFrom<number | null>(2, 1, null)), {
      nil: undefined,
    }),
  }),
  { maxLength: 20 },
);

describe('Items', () => {
  it('gives an index to each id in the order in which they are named', () => {
    const items = new Items();
    expect(['b', 'a', 'b', ''].map((id, at) => items.activate(id, at))).toEqual([0, 1, 0, 2]);
    expect(['a', 'b', '', 'c', '__proto__'].map((id) => items.find(id))).toEqual([1, 0, 2, -1, -1]);
    expect([items.count, items.id(0), items.id(2)]).toEqual([3, 'b', '']);
    expect(items.firstSeen(0)).toBe(0);
  });

  it('orders them by birth, the youngest first, ties by index, whatever is published when', () => {
    fc.assert(
      fc.property(events, (all) => {
        const items = itemsOf(all);
        const born = new Map<string, number>();
        const published = new Set<string>();
        for (const { itemId, at, publishedAt } of all) {
          if (!born.has(itemId)) born.set(itemId, at);
          if (publishedAt !== undefined) published.add(itemId);
          if (publishedAt !== undefined) born.set(itemId, publishedAt);
        }
        const order = [...born].sort(([, a], [, b]) => b - a).map(([id]) => id);
        expect([...items.youngest(Infinity, () => true)].map((item) => items.id(item))).toEqual(order);
        for (const [id, at] of born) {
          expect(items.bornAt(items.find(id))).toBe(at);
          expect(items.published(items.find(id))).toBe(published.has(id) ? at : null);
        }
      }),
      { seed: 27, numRuns: 300 },
    );
  });

  it('gives the youngest that a predicate keeps, of those born together the lowest indexes', () => {
    const items = itemsOf([...['a', 'b', 'c', 'd', 'e'].map((id) => about(id, 5)), about('z', 1), about('y', 9)]);
    const youngest = (count: number): string[] =>
      [...items.youngest(count, (item) => items.id(item) !== 'b')].map((item) => items.id(item));
    expect(youngest(3)).toEqual(['y', 'a', 'c']);
    expect(youngest(0)).toEqual([]);
    expect(youngest(Infinity)).toEqual(['y', 'a', 'c', 'd', 'e', 'z']);
  });

  it('takes an empty list for a list of any type, which the first value that is not empty declares', () => {
    const [empty, numbers] = [{ tags: [] }, { tags: [1, 2] }];
    const items = itemsOf([
      about('a', 1, { attributes: empty }),
      about('b', 2, { attributes: numbers }),
      about('c', 3, { attributes: { ...empty, name: 'c' } }),
      about('d', 4, { attributes: { tags: ['x'] } }),
      about('d', 5, { attributes: { ...empty, name: [] } }),
    ]);
    expect([0, 1, 2].map((item) => items.attributesOf(item))).toEqual([empty, numbers, { ...empty, name: 'c' }]);
    expect(items.find('d')).toBe(-1);
    expect([items.declaredType('tags'), items.declaredType('name')]).toEqual(['list of number', 'string']);
  });

  it('leaves as it is what an event does not name', () => {
    const items = itemsOf([about('a', 1, { available: false, publishedAt: 0, attributes: { x: 1 } }), about('a', 2)]);
    expect([items.isAvailable(0), items.published(0), items.attributesOf(0)]).toEqual([false, 0, { x: 1 }]);
    items.upsert(about('a', 3, { available: true }));
    expect([items.isAvailable(0), items.published(0), items.attributesOf(0)]).toEqual([true, 0, { x: 1 }]);
  });

  it('takes an item that only an interaction named for available, without attributes', () => {
    const items = new Items();
    items.activate('a', 5);
    expect([items.isAvailable(0), items.published(0), items.attributesOf(0), items.bornAt(0)]).toEqual([
      true,
      null,
      {},
      5,
    ]);
    expect([items.lastClick(0), items.clickCount(0), items.impressionCount(0)]).toEqual([null, 0, 0]);
  });

  it('declares the type of an attribute by its first value; an event with another one changes nothing', () => {
    const items = itemsOf([
      about('a', 1, { attributes: { size: 1, tags: ['x'] } }),
      about('b', 2, { attributes: { size: 'large', tags: [] } }),
      about('a', 3, { attributes: { size: true, tags: 'x' } }),
    ]);
    expect(items.attributesOf(0)).toEqual({ size: 1, tags: ['x'] });
    expect(items.find('b')).toBe(-1);
    expect([...items.declaredTypes]).toEqual([
      ['size', 'number'],
      ['tags', 'list of string'],
    ]);
    expect(items.declaredType('other')).toBeNull();
  });

  it('removes an attribute set to null, and its type stays declared', () => {
    const items = itemsOf([
      about('a', 1, { attributes: { x: 1, y: 2 } }),
      about('a', 2, { attributes: { x: null, never: null } }),
      about('a', 3, { attributes: { x: 'text' } }),
    ]);
    expect(items.attributesOf(0)).toEqual({ y: 2 });
    expect([items.declaredType('x'), items.declaredType('never')]).toEqual(['number', null]);
  });

  it('has no attribute under a name that every object answers to', () => {
    const attributes = JSON.parse(
      '{ "__proto__": { "x": 1 }, "constructor": "c", "fine": 1 }',
    ) as ItemEvent['attributes'];
    const items = itemsOf([about('a', 1, { attributes })]);
    expect(Object.entries(items.attributesOf(0))).toEqual([['fine', 1]]);
    expect([...items.declaredTypes.keys()]).toEqual(['fine']);
    expect(items.attributesOf(0)['x']).toBeUndefined();
  });

  it('counts clicks and impressions, and a late click does not move the last one back', () => {
    const items = itemsOf([about('a', 1), about('b', 1)]);
    for (const at of [20, 10]) items.countClick(0, at);
    items.countImpression(1);
    items.takeBackClick(0);
    expect([items.clickCount(0), items.lastClick(0), items.impressionCount(0)]).toEqual([1, 20, 0]);
    expect([items.clickCount(1), items.lastClick(1), items.impressionCount(1)]).toEqual([0, null, 1]);
  });

  it('goes on after it was saved and read back as if it had not been', () => {
    fc.assert(
      fc.property(events, events, (before, after) => {
        const items = itemsOf(before);
        const read = reloaded(items, new Items());
        for (const one of [items, read]) itemsOf(after, one);
        expect([...read.youngest(Infinity, () => true)]).toEqual([...items.youngest(Infinity, () => true)]);
        expect(stateHash(read)).toBe(stateHash(items));
      }),
      { seed: 28 },
    );
  });
});
