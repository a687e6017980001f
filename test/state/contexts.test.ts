import fc from 'fast-check';
import { type Context } from '../../src/events/event.js';
import { stateHash } from '../../src/state/checkpoint.js';
import { Contexts, OTHER_CODE, UNKNOWN_CODE } from '../../src/state/contexts.js';
import { reloaded } from '../support/saved.js';

/** A device has 64 codes, two of which are "unknown" and "other". */
const DEVICES = 62;
const value = fc.option(fc.constantFrom('a', 'b', 'other', '__proto__', ''), { nil: undefined });
const context = fc.record<Context>({ device: value, os: value, country: value, region: value, referrer: value });
const given = (context: Context): Context =>
  Object.fromEntries(Object.entries(context).filter(([, value]) => value !== undefined));

describe('Contexts', () => {
  it('gives one index to each combination and the combination back for its index', () => {
    fc.assert(
      fc.property(fc.array(context, { maxLength: 30 }), (all) => {
        const contexts = new Contexts();
        const indexes = all.map((one) => contexts.intern(one));
        const texts = all.map((one) => JSON.stringify(given(one)));
        indexes.forEach((index, at) => {
          expect(contexts.context(index)).toEqual(given(all[at]!));
          expect(contexts.codesAt(index)).toEqual(contexts.codes(all[at]!));
          expect(texts.indexOf(texts[at]!)).toBe(indexes.indexOf(index));
        });
        expect(contexts.count).toBe(new Set([...texts, '{}']).size);
      }),
      { seed: 20 },
    );
  });

  it('has the index 0 for what says nothing', () => {
    const contexts = new Contexts();
    expect([contexts.intern(undefined), contexts.intern({}), contexts.intern({ os: undefined })]).toEqual([0, 0, 0]);
    expect(contexts.context(0)).toEqual({});
    expect(contexts.count).toBe(1);
  });

  it('takes a value that the log never showed for unknown, and asking changes nothing', () => {
    const contexts = new Contexts();
    contexts.intern({ device: 'phone' });
    expect(contexts.codes({ device: 'watch', region: 'north' })).toEqual(new Array(5).fill(UNKNOWN_CODE));
    expect(contexts.count).toBe(2);
    expect(contexts.context(contexts.intern({ device: 'watch' }))).toEqual({ device: 'watch' });
  });

  it('tells values apart up to the bound of their dimension; all later ones are "other"', () => {
    const contexts = new Contexts();
    const interned = Array.from({ length: DEVICES }, (_, at) => contexts.intern({ device: `d${at}` }));
    expect(new Set(interned).size).toBe(DEVICES);
    const [more, evenMore] = [contexts.intern({ device: 'more' }), contexts.intern({ device: 'even more' })];
    expect(more).toBe(evenMore);
    expect(interned).not.toContain(more);
    expect(contexts.context(more)).toEqual({ device: 'other' });
    expect(contexts.codes({ device: 'never seen' })[0]).toBe(OTHER_CODE);
    expect(contexts.codes({ device: `d${DEVICES - 1}` })[0]).toBe(DEVICES + 1);
  });

  it('takes a value never seen for "other" only once the dimension is full', () => {
    const contexts = new Contexts();
    for (let at = 0; at < DEVICES - 1; at++) contexts.intern({ device: `d${at}` });
    expect(contexts.codes({ device: 'new' })[0]).toBe(UNKNOWN_CODE);
    contexts.intern({ device: 'last' });
    expect(contexts.codes({ device: 'new' })[0]).toBe(OTHER_CODE);
  });

  it('tells at most 65,536 combinations apart, and still knows those', () => {
    const contexts = new Contexts();
    const at = (number: number): Context => ({ region: `r${number % 2_000}`, os: `o${Math.floor(number / 2_000)}` });
    for (let number = 0; number < 65_535; number++) contexts.intern(at(number));
    expect(contexts.count).toBe(65_536);
    expect(contexts.intern(at(65_535))).toBe(0);
    expect(contexts.count).toBe(65_536);
    expect(contexts.intern(at(65_534))).toBe(65_535);
  });

  it('goes on after it was saved and read back as if it had not been', () => {
    fc.assert(
      fc.property(fc.array(context, { maxLength: 10 }), fc.array(context, { maxLength: 10 }), (before, after) => {
        const contexts = new Contexts();
        before.forEach((one) => contexts.intern(one));
        const read = reloaded(contexts, new Contexts());
        expect(after.map((one) => read.intern(one))).toEqual(after.map((one) => contexts.intern(one)));
        expect(stateHash(read)).toBe(stateHash(contexts));
      }),
      { seed: 21 },
    );
  });
});
