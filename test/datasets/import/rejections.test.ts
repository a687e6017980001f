import { type InteractionEvent } from '../../../src/events/event.js';
import { type InteractionMapping } from '../../../src/datasets/import/mapping.js';
import { NOW, readAll, SampleFiles } from './sample-files.js';

const files = new SampleFiles();
afterAll(() => files.remove());

const GOOD = { user: 'u', item: 'i', time: '2017-10-01T00:00:00Z' };
const LONG = 'x'.repeat(257);

/** What becomes of one interaction: its event, or why it was dropped. */
async function interaction(fields: object, mapping: InteractionMapping = {}): Promise<unknown> {
  const file = files.lines('one.jsonl', [{ ...GOOD, ...fields }]);
  const { events, rejected } = await readAll({ file, format: 'jsonl', kind: 'interactions', mapping });
  return events[0] ?? [rejected[0]!.code, rejected[0]!.message];
}

describe('a bad row', () => {
  it.each<[object, string, string]>([
    [{ user: null }, 'BAD_ID', 'column "user": null is not an id'],
    [{ user: ' ' }, 'BAD_ID', 'column "user": " " is not an id'],
    [{ item: true }, 'BAD_ID', 'column "item": true is neither text nor a number'],
    [{ item: { a: 1 } }, 'BAD_ID', 'column "item": {"a":1} is neither text nor a number'],
    [{ item: 1e30 }, 'BAD_ID', 'column "item": 1e+30 is not a number that is known exactly; write it as text'],
    [{ user: LONG }, 'BAD_ID', `column "user": "${'x'.repeat(79)}... has 257 characters; 256 are allowed`],
    [{ session: LONG }, 'BAD_ID', `column "session": "${'x'.repeat(79)}... has 257 characters; 256 are allowed`],
    [{ id: [1] }, 'BAD_ID', 'column "id": [1] is neither text nor a number'],
    [{ time: null }, 'BAD_TIME', 'column "time": null is not a time'],
    [{ time: 'yesterday' }, 'BAD_TIME', 'column "time": "yesterday" is not a time'],
    [{ time: 'infinity' }, 'BAD_TIME', 'column "time": "infinity" is not a time'],
    [{ time: 1e300 }, 'BAD_TIME', 'column "time": "1e300" is not a time'],
    [{ time: '290000-01-01' }, 'BAD_TIME', 'column "time": 9089348860800000 is not a time'],
    [{ time: '1969-12-31T23:59:59Z' }, 'BAD_TIME', 'column "time": "1969-12-31T23:59:59.000Z" is before 1970'],
    [
      { time: NOW + 300_001 },
      'BAD_TIME',
      'column "time": "2024-01-01T00:05:00.001Z" is after now, 2024-01-01T00:00:00.000Z',
    ],
    [
      { type: 'BUY' },
      'BAD_TYPE',
      'column "type": "BUY" is not one of IMPRESSION, VIEW, CLICK, LIKE, DISLIKE, ADD_TO_CART, PURCHASE, UNDO',
    ],
    [
      { type: 2 },
      'BAD_TYPE',
      'column "type": 2 is not one of IMPRESSION, VIEW, CLICK, LIKE, DISLIKE, ADD_TO_CART, PURCHASE, UNDO',
    ],
    [{ weight: 0 }, 'BAD_WEIGHT', 'column "weight": 0 is not a weight above 0 and up to 1000'],
    [{ weight: -1 }, 'BAD_WEIGHT', 'column "weight": -1 is not a weight above 0 and up to 1000'],
    [{ weight: 1000.1 }, 'BAD_WEIGHT', 'column "weight": 1000.1 is not a weight above 0 and up to 1000'],
    [{ weight: 'much' }, 'BAD_WEIGHT', 'column "weight": "much" is not a weight above 0 and up to 1000'],
    [{ weight: true }, 'BAD_WEIGHT', 'column "weight": true is not a weight above 0 and up to 1000'],
    [{ os: 'y'.repeat(65) }, 'BAD_CONTEXT', `column "os": "${'y'.repeat(65)}" has 65 characters; 64 are allowed`],
    [{ user: 'a\u0000b' }, 'BAD_ID', `column "user": "a\\u0000b" holds control characters`],
    [{ region: [] }, 'BAD_CONTEXT', 'column "region": [] is neither text nor a number'],
  ])('with %j is dropped as %s', async (fields, code, message) => {
    expect(await interaction(fields)).toEqual([code, message]);
  });

  it('that is malformed is dropped as BAD_ROW', async () => {
    const file = files.write('broken.jsonl', `${JSON.stringify(GOOD)}\n{\n`);
    expect((await readAll({ file, format: 'jsonl', kind: 'interactions' })).rejected).toEqual([
      { row: 2, code: 'BAD_ROW', message: 'the row is not valid JSON' },
    ]);
  });

  it('with a number that JSON does not know is dropped as BAD_ROW', async () => {
    const file = files.write('nan.jsonl', '{"user":"u","item":"i","time":1506826800,"weight":NaN}\n');
    expect((await readAll({ file, format: 'jsonl', kind: 'interactions' })).rejected).toEqual([
      { row: 1, code: 'BAD_ROW', message: 'the row holds a number that JSON does not know' },
    ]);
  });

  it('of an item with an attribute that JSON does not know, or without a clear availability, is dropped', async () => {
    const rows = `SELECT 'a' AS id, 'infinity'::DOUBLE AS price, 'maybe' AS available UNION ALL SELECT 'b', 1, 'maybe'`;
    const file = await files.parquet('items.parquet', rows);
    expect((await readAll({ file, format: 'parquet', kind: 'items' })).rejected).toEqual([
      { row: 1, code: 'BAD_ATTRIBUTE', message: 'column "available": "maybe" is neither true nor false' },
      { row: 2, code: 'BAD_ATTRIBUTE', message: 'column "available": "maybe" is neither true nor false' },
    ]);
    const mapping = { available: null, attributes: ['price'] };
    expect((await readAll({ file, format: 'parquet', kind: 'items', mapping })).rejected).toEqual([
      { row: 1, code: 'BAD_ATTRIBUTE', message: 'column "price": Infinity is not a number that JSON knows' },
    ]);
  });
});

describe('a good row', () => {
  it.each<[object, Partial<InteractionEvent>]>([
    [{ user: 12.5 }, { userId: '12.5' }],
    [{ user: 'x'.repeat(256) }, { userId: 'x'.repeat(256) }],
    [{ type: ' purchase ' }, { type: 'PURCHASE' }],
    [{ type: '' }, { type: 'CLICK' }],
    [{ weight: '0.5' }, { weight: 0.5 }],
    [{ weight: 1000 }, { weight: 1000 }],
    [{ time: 0 }, { at: 0 }],
    [{ time: NOW + 300_000 }, { at: NOW + 300_000 }],
    [{ os: 'y'.repeat(64) }, { context: { os: 'y'.repeat(64) } }],
  ])('may have %j', async (fields, expected) => {
    expect(await interaction(fields)).toMatchObject(expected);
  });

  it.each<[string | number, InteractionMapping, number]>([
    [1_506_826_800, {}, 1_506_826_800_000],
    [1_506_826_800.123, {}, 1_506_826_800_123],
    ['1506826800123', {}, 1_506_826_800_123],
    [1_506_826_800_123_999, {}, 1_506_826_800_123],
    [5, { timeUnit: 'ms' }, 5],
    [5, { timeUnit: 's' }, 5000],
    [5999, { timeUnit: 'us' }, 5],
    ['2017-10-01T03:00:00.123456+02:00', { timeUnit: 's' }, Date.UTC(2017, 9, 1, 1, 0, 0, 123)],
    ['2017-10-01 03:00', {}, Date.UTC(2017, 9, 1, 3)],
    ['2017-10-01', {}, Date.UTC(2017, 9, 1)],
  ])('may give its time as %j under %j', async (time, mapping, at) => {
    expect(await interaction({ time }, mapping)).toMatchObject({ at });
  });

  it.each(['TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMPTZ', 'DATE'])(
    'may give its time as a Parquet column of type %s',
    async (type) => {
      const file = await files.parquet(
        'typed.parquet',
        `SELECT 'u' AS "user", 'i' AS item, '2017-10-01'::${type} AS "time"`,
      );
      const { events } = await readAll({ file, format: 'parquet', kind: 'interactions' });
      expect(events).toMatchObject([{ at: Date.UTC(2017, 9, 1) }]);
    },
  );
});
