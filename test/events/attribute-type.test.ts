import { type JsonValue } from '../../src/events/event.js';
import {
  type AttributeType,
  attributeType,
  comparedType,
  fitsType,
  isReservedName,
} from '../../src/events/attribute-type.js';

describe('attributeType', () => {
  it.each<[JsonValue, ReturnType<typeof attributeType>]>([
    ['', 'string'],
    [0, 'number'],
    [false, 'boolean'],
    [['a', 'b'], 'list of string'],
    [[1, 2], 'list of number'],
    [[true], 'list of boolean'],
    [[], null],
    [['a', 1], 'json'],
    [[null], 'json'],
    [[['a']], 'json'],
    [{ a: 1 }, 'json'],
    [null, null],
  ])('of %j is %s', (value, type) => {
    expect(attributeType(value)).toBe(type);
  });
});

describe('fitsType', () => {
  const types = ['string', 'number', 'boolean', 'list of string', 'list of number', 'list of boolean', 'json'] as const;
  const fitting = (value: JsonValue): AttributeType[] => types.filter((type) => fitsType(value, type));

  it('holds for an empty list in every type of list', () => {
    expect(fitting([])).toEqual(['list of string', 'list of number', 'list of boolean', 'json']);
  });

  it('holds for null in every type, and for any other value in its own', () => {
    expect(fitting(null)).toEqual(types);
    for (const value of ['', 0, false, ['a'], [1], [true], [[]], {}])
      expect(fitting(value)).toEqual([attributeType(value)]);
  });
});

describe('comparedType', () => {
  it('is the type of the elements of a list, and nothing for json', () => {
    expect((['number', 'list of number', 'list of string', 'boolean', 'json'] as const).map(comparedType)).toEqual([
      'number',
      'number',
      'string',
      'boolean',
      null,
    ]);
  });
});

describe('isReservedName', () => {
  it('holds for names that every object answers to, and no others', () => {
    expect(['__proto__', 'constructor', 'toString', 'hasOwnProperty'].every(isReservedName)).toBe(true);
    expect(['', 'section', 'prototype', 'Constructor', 'length'].some(isReservedName)).toBe(false);
  });
});
