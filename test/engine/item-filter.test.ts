import { type Attributes, type Event } from '../../src/events/event.js';
import { compileFilter, type ItemFilter } from '../../src/engine/item-filter.js';
import { QueryError } from '../../src/engine/query-error.js';
import { NOON, stateOf } from '../support/state.js';

const CATALOGUE: Record<string, Attributes> = {
  short: { section: 'sport', words: 200, premium: false, tags: ['cup', 'final'] },
  long: { section: 'world', words: 2_000, premium: true, tags: ['summit'], map: { zoom: 3 } },
  bare: {},
};
const { items } = stateOf(
  Object.entries(CATALOGUE).map(([itemId, attributes]): Event => ({ kind: 'item', itemId, attributes, at: NOON })),
);

function kept(filter: ItemFilter): string[] {
  const keeps = compileFilter(filter, items) ?? (() => true);
  return Object.keys(CATALOGUE).filter((id) => keeps(items.find(id)));
}

function problem(filter: ItemFilter): string {
  try {
    compileFilter(filter, items);
  } catch (error) {
    if (error instanceof QueryError) return `${error.code}: ${error.message}`;
  }
  return 'none';
}

describe('compileFilter', () => {
  it.each<[string, ItemFilter, string[]]>([
    ['eq on text', { attributes: [{ name: 'section', eq: 'sport' }] }, ['short']],
    ['eq on a number', { attributes: [{ name: 'words', eq: 200 }] }, ['short']],
    ['eq on a boolean', { attributes: [{ name: 'premium', eq: true }] }, ['long']],
    ['eq looks into lists', { attributes: [{ name: 'tags', eq: 'final' }] }, ['short']],
    ['in', { attributes: [{ name: 'section', in: ['sport', 'world'] }] }, ['short', 'long']],
    ['gte', { attributes: [{ name: 'words', gte: 200 }] }, ['short', 'long']],
    ['gte and lte', { attributes: [{ name: 'words', gte: 100, lte: 300 }] }, ['short']],
    ['lte on text', { attributes: [{ name: 'section', lte: 'sport' }] }, ['short']],
    ['exists', { attributes: [{ name: 'words', exists: true }] }, ['short', 'long']],
    ['exists: false', { attributes: [{ name: 'words', exists: false }] }, ['bare']],
    ['exists on an attribute of mixed content', { attributes: [{ name: 'map', exists: true }] }, ['long']],
    [
      'all conditions',
      {
        attributes: [
          { name: 'words', gte: 1 },
          { name: 'premium', eq: false },
        ],
      },
      ['short'],
    ],
    ['excludeItems', { excludeItems: ['long', 'bare'] }, ['short']],
    ['not', { not: { attributes: [{ name: 'section', eq: 'sport' }] } }, ['long', 'bare']],
    [
      'or',
      {
        or: [
          { attributes: [{ name: 'premium', eq: true }] },
          { not: { attributes: [{ name: 'words', exists: true }] } },
        ],
      },
      ['long', 'bare'],
    ],
    ['and', { and: [{ excludeItems: ['bare'] }, { excludeItems: ['long'] }] }, ['short']],
    ['nothing', {}, ['short', 'long', 'bare']],
    ['empty lists', { attributes: [], and: [], or: [], excludeItems: [] }, ['short', 'long', 'bare']],
  ])('keeps what %s asks for', (_name, filter, ids) => {
    expect(kept(filter)).toEqual(ids);
  });

  it.each<[string, ItemFilter, string]>([
    ['200 conditions', { and: Array.from({ length: 199 }, () => ({})) }, 'none'],
    [
      '201 conditions',
      { and: Array.from({ length: 200 }, () => ({})) },
      'BAD_FILTER: a filter may have 200 conditions',
    ],
    ['2,000 values', { attributes: [{ name: 'words', in: Array.from({ length: 2_000 }, (_, at) => at) }] }, 'none'],
    [
      '2,001 values',
      { not: { attributes: [{ name: 'words', in: Array.from({ length: 2_001 }, (_, at) => at) }] } },
      'BAD_FILTER: a filter may name 2000 items and values',
    ],
  ])('of %s answers %#', (_name, filter, said) => {
    expect(problem(filter)).toBe(said);
  });

  it('makes no predicate where everything stays', () => {
    expect(compileFilter({ includeSeen: true }, items)).toBeNull();
  });

  it.each<[ItemFilter, string]>([
    [
      { attributes: [{ name: 'colour', eq: 'red' }] },
      'UNKNOWN_ATTRIBUTE: no item has an attribute "colour"; declared are: map, premium, section, tags, words',
    ],
    [
      { attributes: [{ name: 'words', eq: 'many' }] },
      'WRONG_TYPE: attribute "words" is number; "many" can\'t be compared with it',
    ],
    [
      { attributes: [{ name: 'tags', in: ['cup', 3] }] },
      'WRONG_TYPE: attribute "tags" is list of string; 3 can\'t be compared with it',
    ],
    [
      { attributes: [{ name: 'premium', gte: true }] },
      'WRONG_TYPE: attribute "premium" is boolean: gte and lte compare numbers and strings',
    ],
    [
      { attributes: [{ name: 'map', eq: 'zoom' }] },
      'WRONG_TYPE: attribute "map" is json; "zoom" can\'t be compared with it',
    ],
    [
      { attributes: [{ name: 'words' }] },
      'BAD_FILTER: attribute "words": give exactly one of eq, in, gte / lte, exists',
    ],
    [
      { attributes: [{ name: 'words', eq: 1, gte: 1 }] },
      'BAD_FILTER: attribute "words": give exactly one of eq, in, gte / lte, exists',
    ],
    [{ excludeItems: ['nowhere'] }, 'UNKNOWN_ITEM: excludeItems: there is no item "nowhere"'],
    [{ not: { includeSeen: true } }, 'BAD_FILTER: includeSeen stands at the top of a filter, not within and, or, not'],
    [nested(9), 'BAD_FILTER: a filter may be nested 8 deep'],
  ])('refuses %j', (filter, message) => {
    expect(problem(filter)).toBe(message);
  });
});

function nested(depth: number): ItemFilter {
  return depth === 0 ? {} : { not: nested(depth - 1) };
}
