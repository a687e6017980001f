import { Database } from '../../../src/datasets/import/database.js';
import { jsonlTable } from '../../../src/datasets/import/jsonl-table.js';
import { SampleFiles } from './sample-files.js';

const files = new SampleFiles();
afterAll(() => files.remove());

async function tableOf(content: string | Buffer): Promise<{ columns: string[]; total: number; rows: unknown[][] }> {
  const database = await Database.open();
  try {
    const table = await jsonlTable(database, files.write('table.jsonl', content));
    const columns = table.columns.map(({ name }) => name);
    const rows = await database.rows(
      `SELECT * REPLACE (file_row::DOUBLE AS file_row) FROM (${table.from(columns)}) ORDER BY file_row`,
    );
    return { columns, total: table.total, rows };
  } finally {
    await database.close();
  }
}

describe('jsonlTable', () => {
  it('has a column for every key of the file, wherever it stands first', async () => {
    const content = '{"b":1}\n{"a/~b":"x","b":[1,{"c":null}]}\n{"__proto__":true}\n';
    expect(await tableOf(content)).toEqual({
      columns: ['__proto__', 'a/~b', 'b'],
      total: 3,
      rows: [
        [1, null, null, null, '1'],
        [2, null, null, '"x"', '[1,{"c":null}]'],
        [3, null, 'true', null, null],
      ],
    });
  });

  it('reports each malformed line with its number and keeps the others', async () => {
    const content = Buffer.concat([
      Buffer.from('{"a":1}\n{"a":2\n\n[3]\nnull\n"{5}"\n{"a":6} {"a":6}\n{"a":"'),
      Buffer.from([0xff]),
      Buffer.from('"}\n   \n{"a":8}'),
    ]);
    expect((await tableOf(content)).rows).toEqual([
      [1, null, '1'],
      [2, 'is not valid JSON', null],
      [3, 'is not a JSON object', null],
      [4, 'is not a JSON object', null],
      [5, 'is not a JSON object', null],
      [6, 'is not valid JSON', null],
      [7, 'is not valid JSON', null],
      [8, null, '8'],
    ]);
  });

  it.each([
    ['a byte order mark', '\ufeff{"a":1}\n{"a":2}\n'],
    ['CRLF', '{"a":1}\r\n{"a":2}\r\n'],
    ['no newline at the end', '{"a":1}\n{"a":2}'],
  ])('reads a file with %s', async (_, content) => {
    expect((await tableOf(content)).rows).toEqual([
      [1, null, '1'],
      [2, null, '2'],
    ]);
  });

  it('numbers the lines of a long file with malformed ones in it', async () => {
    const lines = Array.from({ length: 50_000 }, (_, k) =>
      (k + 1) % 1009 === 0 ? '{"n":' : `{"n":${k + 1},"pad":"${'x'.repeat(k % 90)}"}`,
    );
    const { rows } = await tableOf(lines.join('\n'));
    expect(rows).toHaveLength(50_000);
    expect(rows.filter(([row, broken, n]) => (broken === null ? String(row) !== n : Number(row) % 1009 !== 0))).toEqual(
      [],
    );
  });
});
