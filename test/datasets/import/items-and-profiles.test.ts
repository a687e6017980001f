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

  it('may have an attribute of any name', async () => {
    const file = files.write('proto.csv', 'id,__proto__,"say ""hi"""\n1,x,y\n');
    const [event] = (await readAll({ file, format: 'csv', kind: 'items' })).events;
    expect(JSON.stringify(event)).toContain('"attributes":{"__proto__":"x","say \\"hi\\"":"y"}');
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
