import { AttributeChecks, attributesProblem, typeProblem } from '../../src/events/attribute-rules.js';
import { type AttributeType } from '../../src/events/attribute-type.js';
import { type Attributes } from '../../src/events/event.js';

const nested = (depth: number): Attributes =>
  JSON.parse(`{"deep":${'['.repeat(depth)}${']'.repeat(depth)}}`) as Attributes;

describe('attributesProblem', () => {
  it.each<[string, Attributes, string]>([
    ['a name with a space', { 'two words': 1 }, 'attribute name "two words": letters, digits'],
    ['a name that every object has', { constructor: 1 } as never, 'attribute name "constructor": letters, digits'],
    ['101 of them', Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`a${at}`, at])), '101 attributes; 100'],
    ['66 KB', { text: 'x'.repeat(66_000) }, 'attributes of 66011 bytes; 65536 are allowed'],
    ['half a surrogate pair deep within', { a: [{ b: '\ud800' }] }, 'attribute "a" holds text that is not well-formed'],
    ['half a surrogate pair in a key', { a: { '\udc00': 1 } }, 'attribute "a" holds text that is not well-formed'],
    ['lists in lists without end', nested(10_000), 'attribute "deep" is nested more than 32 levels deep'],
  ])('refuses %s', (_name, attributes, message) => {
    expect(attributesProblem(attributes)).toEqual({
      code: 'BAD_ATTRIBUTE',
      message: expect.stringContaining(message) as string,
    });
  });

  it('takes what catalogues hold', () => {
    expect(
      attributesProblem({ title: 'é \u{1f600}\n', tags: ['a'], 'x.y-z': null, sub: { 'any name': [1, true] } }),
    ).toBeNull();
    expect(attributesProblem(nested(32))).toBeNull();
    expect(attributesProblem(undefined)).toBeNull();
  });
});

describe('typeProblem', () => {
  it('holds each value against the declared type, a null against none', () => {
    const declared = (name: string): AttributeType | null => (name === 'size' ? 'number' : null);
    expect(typeProblem({ size: 1, other: 'x' }, declared)).toBeNull();
    expect(typeProblem({ size: null }, declared)).toBeNull();
    expect(typeProblem({ size: 'x' }, declared)).toEqual({
      code: 'WRONG_TYPE',
      message: 'attribute "size" is declared as number; this value is string',
    });
  });
});

describe('AttributeChecks', () => {
  it('declares by what it takes, and by nothing that it refuses', () => {
    const checks = new AttributeChecks(() => null);
    expect(checks.problem({ a: 1 })).toBeNull();
    expect(checks.problem({ a: 'x', b: 1 })).toMatchObject({ code: 'WRONG_TYPE' });
    expect(checks.problem({ b: 'x' })).toBeNull();
  });
});
