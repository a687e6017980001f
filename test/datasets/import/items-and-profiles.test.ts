import { NOW, readAll, SampleFiles } from './sample-files.js';

const files = new SampleFiles();
afterAll(() => files.remove());

describe('items', () => {
  it('of CSV have attributes of the types that their columns have over the whole file', async () => {
    const file = files.write(
      'items.csv',
      'id,title,price,sale,zip,published,available\n1,"A, B",9.5,true,01234,2017-10-01,yes\n2,,10,,5,1937-12-21,0\n3,,,,,,\n',
    );
    expect((await readAll({ file, format: 'csv', kind: 'items' })).events).toEqual([
      {
        kind: 'item',
        itemId: '1',
        attributes: { title: 'A, B', price: 9.5, sale: true, zip: '01234' },
        available: true,
        publishedAt: Date.UTC(2017, 9, 1),
        at: NOW,
      },
      {
        kind: 'item',
        itemId: '2',
        attributes: { price: 10, zip: '5' },
        available: false,
        publishedAt: Date.UTC(1937, 11, 21),
        at: NOW,
      },
      { kind: 'item', itemId: '3', at: NOW },
    ]);
  });

  it('of JSON lines keep their values as they are, and leave out nulls', async () => {
    const attributes = {
      tags: ['a', 1, null],
      author: { name: 'é', born: 1970 },
      free: false,
      price: 1e-7,
      title: '',
      long: '12345678901234567890',
    };
    const file = files.lines('items.jsonl', [
      { id: 'a', ...attributes, gone: null },
      { id: 'b', published: null },
    ]);
    expect((await readAll({ file, format: 'jsonl', kind: 'items' })).events).toEqual([
      { kind: 'item', itemId: 'a', attributes, at: NOW },
      { kind: 'item', itemId: 'b', at: NOW },
    ]);
  });

  it('keep an integer that a number cannot hold as its digits', async () => {
    const file = files.write(
      'long.jsonl',
      '{"id":"a","n":[-12345678901234567890, 1234567890123456, 0.1234567890123456789],"t":"9007199254740993"}\n',
    );
    expect((await readAll({ file, format: 'jsonl', kind: 'items' })).events).toMatchObject([
      { attributes: { n: ['-12345678901234567890', 1234567890123456, 0.12345678901234568], t: '9007199254740993' } },
    ]);
  });

  it('of Parquet keep numbers, booleans, lists and structures; times become ISO 8601 text', async () => {
    const columns = `'a' AS item_id, 9007199254740993 AS long, 5::BIGINT AS short, 1.50::DECIMAL(6, 2) AS price, true AS sale, ['x', NULL] AS tags,
      {'n': 1, 't': 'é'} AS author, MAP {'k': 1} AS shelf, DATE '2017-10-01' AS day, TIMESTAMP '2017-10-01 03:00:00.5' AS seen, NULL::VARCHAR AS nothing`;
    const file = await files.parquet('items.parquet', `SELECT ${columns}`);
    expect((await readAll({ file, format: 'parquet', kind: 'items' })).events).toEqual([
      {
        kind: 'item',
        itemId: 'a',
        attributes: {
          long: '9007199254740993',
          short: 5,
          price: 1.5,
          sale: true,
          tags: ['x', null],
          author: { n: 1, t: 'é' },
          shelf: { k: 1 },
          day: '2017-10-01',
          seen: '2017-10-01T03:00:00.500Z',
        },
        at: NOW,
      },
    ]);
  });

  it('come in the order of the file', async () => {
    const file = files.write('order.csv', `id\n${Array.from({ length: 5000 }, (_, k) => `i${4999 - k}\n`).join('')}`);
    const { events } = await readAll({ file, format: 'csv', kind: 'items' });
    expect(events.map((event) => event.kind === 'item' && event.itemId)).toEqual(
      Array.from({ length: 5000 }, (_, k) => `i${4999 - k}`),
    );
  });

  it('are held to the rules of attributes: names, number, size and depth', async () => {
    const wide = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`a${at}`, 1]));
    const file = files.lines('rules.jsonl', [
      { id: 'a', fine: 1 },
      { id: 'b', 'say "hi"': 1 },
      { id: 'c', constructor: 1 },
      { id: 'd', ...wide },
      { id: 'e', text: 'x'.repeat(70_000) },
      { id: 'f', deep: JSON.parse('['.repeat(40) + ']'.repeat(40)) as unknown },
    ]);
    const { events, rejected } = await readAll({ file, format: 'jsonl', kind: 'items' });
    expect(events).toEqual([{ kind: 'item', itemId: 'a', attributes: { fine: 1 }, at: NOW }]);
    expect(rejected.map(({ row, code }) => [row, code])).toEqual([2, 3, 4, 5, 6].map((row) => [row, 'BAD_ATTRIBUTE']));
    expect(rejected[1]!.message).toContain('attribute name "constructor"');
  });

  it('of a type other than the log or an earlier row has declared are refused, each as a whole', async () => {
    const file = files.lines('types.jsonl', [
      { id: 'a', price: 1, colour: 'red' },
      { id: 'b', price: 'x' },
      { id: 'c', colour: 7 },
      { id: 'd', size: 'large' },
      { id: 'e', size: 3, price: 2 },
    ]);
    const declaredType = (name: string) => (name === 'size' ? ('number' as const) : null);
    const { events, rejected } = await readAll({ file, format: 'jsonl', kind: 'items', declaredType });
    expect(events.map((event) => event.kind === 'item' && event.itemId)).toEqual(['a', 'e']);
    expect(rejected).toEqual([
      { row: 2, code: 'WRONG_TYPE', message: 'attribute "price" is declared as number; this value is string' },
      { row: 3, code: 'WRONG_TYPE', message: 'attribute "colour" is declared as string; this value is number' },
      { row: 4, code: 'WRONG_TYPE', message: 'attribute "size" is declared as number; this value is string' },
    ]);
    const strict = readAll({ file, format: 'jsonl', kind: 'items', strict: true });
    await expect(strict).rejects.toMatchObject({ code: 'BAD_ROW', row: 2 });
  });
});

describe('profiles', () => {
  it('have a context and attributes', async () => {
    const file = files.write('profiles.csv', 'userId,device,country,age,plan\nu1,1,BR,30,gold\nu2,,,,\n,1,,,\n');
    expect(await readAll({ file, format: 'csv', kind: 'profiles' })).toMatchObject({
      events: [
        {
          kind: 'profile',
          userId: 'u1',
          context: { device: '1', country: 'BR' },
          attributes: { age: 30, plan: 'gold' },
          at: NOW,
        },
        { kind: 'profile', userId: 'u2', at: NOW },
      ],
      rejected: [{ row: 3, code: 'BAD_ID', message: 'column "userId": null is not an id' }],
    });
  });

  it('take a listed column as an attribute and no other', async () => {
    const file = files.lines('profiles.jsonl', [{ user: 7, age: 30, plan: 'gold' }]);
    expect(
      (await readAll({ file, format: 'jsonl', kind: 'profiles', mapping: { attributes: ['plan'] } })).events,
    ).toEqual([{ kind: 'profile', userId: '7', attributes: { plan: 'gold' }, at: NOW }]);
  });
});
