import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { eventCodec, LogFormatError } from '../../src/events/codec.js';
import { type Attributes, CONTEXT_DIMENSIONS, type Event, INTERACTION_TYPES } from '../../src/events/event.js';
import { click, EVERY_KIND } from '../contracts/event-log.contract.js';

const codec = eventCodec('main');
const pack = (...fields: unknown[]) => new Packr({ useRecords: false }).pack(fields);

describe('eventCodec', () => {
  it('gives back any event exactly, absent fields absent', () => {
    fc.assert(fc.property(anyEvent(), (event) => expect(codec.decode(codec.encode(event))).toStrictEqual(event)));
    for (const event of EVERY_KIND) expect(codec.decode(codec.encode(event))).toStrictEqual(event);
  });

  it('takes a field that is undefined for an absent one', () => {
    const bytes = codec.encode({ ...click('a'), id: undefined, context: { os: undefined, region: 'r' } });
    expect(codec.decode(bytes)).toStrictEqual({ ...click('a'), context: { region: 'r' } });
  });

  it('keeps the bytes of events that are encoded later apart', () => {
    const encoded = EVERY_KIND.map((event) => codec.encode(event));
    expect(encoded.map((bytes) => codec.decode(bytes))).toStrictEqual(EVERY_KIND);
  });

  it('decodes the first bytes of a longer buffer', () => {
    const bytes = codec.encode(click('a'));
    expect(codec.decode(Buffer.concat([bytes, Buffer.from('rest')]), bytes.length)).toStrictEqual(click('a'));
  });

  it('needs 25 bytes for a bare click, and the strings', () => {
    expect(codec.encode({ ...click(''), userId: '' }).length).toBeLessThanOrEqual(25);
  });

  it('has this layout in version 1; logs on disk depend on it', () => {
    const event: Event = { ...click('i', 'x'), sessionId: 's', context: { os: 'o' }, rank: 3 };
    const fields = [1, 'main', 0, 'u', 'i', 2, event.at, 's', [null, 'o'], 'x', null, null, 3];
    expect(codec.encode(event)).toEqual(pack(...fields));
  });

  it.each([
    [pack(2, 'main', 0), 'entry has format version 2, expected 1'],
    [pack(1, 'other', 0), 'entry belongs to tenant "other", expected "main"'],
    [pack(1, 'main', 6), 'entry has kind number 6, expected 0 to 5'],
    [pack(1, 'main', 0, 'u', 'i', 8, 0), 'entry has type number 8, expected 0 to 7'],
  ])('refuses an entry that it does not know (%#)', (bytes, message) => {
    expect(() => codec.decode(bytes)).toThrow(new LogFormatError(message));
    expect(new LogFormatError(message).code).toBe('LOG_FORMAT');
  });

  it('refuses an event that is none', () => {
    // What the types forbid may come from another version.
    expect(() => codec.encode({ kind: 'guess' } as unknown as Event)).toThrow(
      'unknown kind of event: guess, expected one of interaction, item, profile, merge, forget, import',
    );
    expect(() => codec.encode({ ...click('a'), type: 'STARE' } as unknown as Event)).toThrow(
      'unknown type of interaction: STARE, expected one of IMPRESSION, VIEW, CLICK',
    );
  });
});

/** Events of every kind; a field that may be absent sometimes is. */
function anyEvent(): fc.Arbitrary<Event> {
  const text = fc.string({ unit: 'grapheme' });
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0); // JSON has no -0
  const context = record({}, Object.fromEntries(CONTEXT_DIMENSIONS.map((name) => [name, text])));
  const attributes = fc
    .dictionary(text, fc.jsonValue({ stringUnit: 'grapheme' }))
    .map((value) => JSON.parse(JSON.stringify(value)) as Attributes);
  const kind = (name: Event['kind'], fields: Fields, optional: Fields = {}) =>
    record({ kind: fc.constant(name), ...fields, at: number }, optional);
  return fc.oneof(
    kind(
      'interaction',
      { userId: text, itemId: text, type: fc.constantFrom(...INTERACTION_TYPES) },
      { id: text, weight: number, sessionId: text, context, recommendationId: text, rank: fc.nat() },
    ),
    kind('item', { itemId: text }, { attributes, available: fc.boolean(), publishedAt: number }),
    kind('profile', { userId: text }, { context, attributes }),
    kind('merge', { fromUserId: text, intoUserId: text }),
    kind('forget', { userId: text }),
    kind('import', { fingerprint: text, rows: fc.nat(), complete: fc.boolean() }),
  ) as fc.Arbitrary<Event>;
}

type Fields = Record<string, fc.Arbitrary<unknown>>;

function record(required: Fields, optional: Fields): fc.Arbitrary<unknown> {
  const options = { requiredKeys: Object.keys(required), noNullPrototype: true };
  return fc.record({ ...required, ...optional }, options);
}
