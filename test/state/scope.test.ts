import fc from 'fast-check';
import { CONTEXT_DIMENSIONS } from '../../src/events/event.js';
import { CODE_BOUNDS } from '../../src/state/contexts.js';
import { FIRST_CLICK, LATER_CLICK, parseScope, scopeValue, type SessionPlace } from '../../src/state/scope.js';
import { DEFAULT_STATE_SETTINGS } from '../../src/state/state-settings.js';

const [DEVICE, OS, COUNTRY, REGION, REFERRER] = [0, 1, 2, 3, 4];
const codes = fc.tuple(...CODE_BOUNDS.map((bound) => fc.integer({ min: 0, max: bound - 1 })));
const anyScope = fc.subarray([...CONTEXT_DIMENSIONS, 'position'], { minLength: 1 }).map((parts) => parts.join('+'));
const place = fc.constantFrom<SessionPlace>(FIRST_CLICK, LATER_CLICK);

describe('parseScope', () => {
  it('reads dimensions in any order as the same scope', () => {
    expect(parseScope('all')).toEqual({ name: 'all', dimensions: [], byPlace: false });
    expect(parseScope('position')).toEqual({ name: 'position', dimensions: [], byPlace: true });
    for (const name of ['position+referrer+region', 'region+referrer+position']) {
      expect(parseScope(name)).toEqual({ name, dimensions: [REGION, REFERRER], byPlace: true });
    }
    expect(parseScope('device+os+country').dimensions).toEqual([DEVICE, OS, COUNTRY]);
  });
});

describe('scopeValue', () => {
  it('is equal exactly where all that the scope looks at is', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...DEFAULT_STATE_SETTINGS.scopes), anyScope),
        fc.array(fc.tuple(codes, place), { minLength: 2, maxLength: 12 }),
        (name, all) => {
          const scope = parseScope(name);
          const seen = ([given, at]: (typeof all)[number]): string =>
            JSON.stringify([...scope.dimensions.map((dimension) => given[dimension]), scope.byPlace && at]);
          const counted = all.filter(([given]) => scope.dimensions.every((dimension) => given[dimension] !== 0));
          const values = new Set(counted.map(([given, at]) => scopeValue(scope, given, at)));
          expect(values.size).toBe(new Set(counted.map(seen)).size);
        },
      ),
      { seed: 22, numRuns: 300 },
    );
  });

  it('stays a whole number that is known exactly, and tells neighbours apart, in every scope', () => {
    fc.assert(
      fc.property(anyScope, codes, place, (name, given, at) => {
        const scope = parseScope(name);
        const known = given.map((code) => Math.max(1, code));
        const value = scopeValue(scope, known, at);
        expect(Number.isSafeInteger(value)).toBe(true);
        const last = scope.dimensions.at(-1);
        if (last === undefined || known[last] === 1) return;
        expect(scopeValue(scope, known.with(last, known[last]! - 1), at)).toBe(value - 1);
      }),
      { seed: 23, numRuns: 300 },
    );
  });

  it('differs in the widest scope by every dimension and the place', () => {
    const widest = parseScope('device+os+country+region+referrer+position');
    const highest = CODE_BOUNDS.map((bound) => bound - 1);
    const lower = highest.map((code, at) => scopeValue(widest, highest.with(at, code - 1), LATER_CLICK));
    const values = [scopeValue(widest, highest, LATER_CLICK), scopeValue(widest, highest, FIRST_CLICK), ...lower];
    expect(new Set(values).size).toBe(7);
  });

  it('differs in the smallest step of every dimension', () => {
    const scope = parseScope('device+referrer+position');
    const values = [
      scopeValue(scope, [63, 0, 0, 0, 255], LATER_CLICK),
      scopeValue(scope, [63, 0, 0, 0, 255], FIRST_CLICK),
      scopeValue(scope, [63, 0, 0, 0, 254], LATER_CLICK),
      scopeValue(scope, [62, 0, 0, 0, 255], LATER_CLICK),
    ];
    expect(new Set(values).size).toBe(4);
  });

  it('is -1 where the context lacks a dimension of the scope, and never for others', () => {
    const scope = parseScope('region+referrer');
    expect(scopeValue(scope, [1, 1, 1, 0, 1], FIRST_CLICK)).toBe(-1);
    expect(scopeValue(scope, [1, 1, 1, 1, 0], FIRST_CLICK)).toBe(-1);
    expect(scopeValue(scope, [0, 0, 0, 1, 1], FIRST_CLICK)).toBeGreaterThan(0);
    expect(scopeValue(parseScope('all'), [0, 0, 0, 0, 0], FIRST_CLICK)).toBe(0);
    expect(scopeValue(parseScope('position'), [0, 0, 0, 0, 0], FIRST_CLICK)).toBeGreaterThan(0);
  });
});
