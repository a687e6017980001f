import { csvTable } from '../../../src/datasets/import/csv-table.js';
import { Database } from '../../../src/datasets/import/database.js';
import { SampleFiles } from './sample-files.js';

const files = new SampleFiles();
afterAll(() => files.remove());

/** Columns, and each row as its number, what is wrong with it and its values. */
async function tableOf(content: string | Buffer): Promise<{ columns: string[]; total: number; rows: unknown[][] }> {
  const database = await Database.open();
  try {
    const table = await csvTable(database, files.write('table.csv', content));
    const columns = table.columns.map(({ name }) => name);
    const rows = await database.rows(
      `SELECT * REPLACE (file_row::DOUBLE AS file_row) FROM (${table.from(columns)}) ORDER BY file_row`,
    );
    return { columns, total: table.total, rows };
  } finally {
    await database.close();
  }
}

describe('csvTable', () => {
  it('keeps every value as the text that it is, and takes an empty one for absent', async () => {
    expect(await tableOf('id,b,c\n007, 1.50 ,"x, ""y"""\n,,""\n')).toEqual({
      columns: ['id', 'b', 'c'],
      total: 2,
      rows: [
        [1, null, '007', ' 1.50 ', 'x, "y"'],
        [2, null, null, null, null],
      ],
    });
  });

  it.each([';', '\t', '|', ','])('finds the delimiter %j in the header', async (delimiter) => {
    const content = ['"x,y,z;|"', 'b', 'c', 'd', 'e', 'f'].join(delimiter);
    expect((await tableOf(`${content}\n`)).columns).toEqual(['x,y,z;|', 'b', 'c', 'd', 'e', 'f']);
  });

  it('reports each malformed row with its number and keeps the others', async () => {
    const content = Buffer.concat([
      Buffer.from('a,b\n1,x\n2\n3,y,z\n\n"4,y\n"5"5,y\n6,5" pipe\n'),
      Buffer.from([0xff, 0x2c, 0x78, 0x0a]),
      Buffer.from('8,z'),
    ]);
    expect((await tableOf(content)).rows).toEqual([
      [1, null, '1', 'x'],
      [2, 'has 1 columns where the header has 2', null, null],
      [3, 'has 3 columns where the header has 2', null, null],
      [4, 'has text after a closing quote', null, null],
      [5, 'has text after a closing quote', null, null],
      [6, null, '6', '5" pipe'],
      [7, 'is not UTF-8 text', null, null],
      [8, null, '8', 'z'],
    ]);
  });

  it('reads the rest of a file in which a quote is never closed', async () => {
    expect((await tableOf('a,b\n1,"x\n2,y\n3,z\n')).rows).toEqual([
      [1, 'has a quote that is never closed', null, null],
      [2, null, '2', 'y'],
      [3, null, '3', 'z'],
    ]);
  });

  it.each([
    ['a byte order mark', '\ufeffa,b\n1,x\n2,y\n'],
    ['CRLF', 'a,b\r\n1,x\r\n2,y\r\n'],
    ['CR alone', 'a,b\r1,x\r2,y\r'],
    ['mixed newlines', 'a,b\r\n1,x\n2,y\r'],
    ['blank lines', '\na,b\n\n1,x\n\r\n\n2,y\n\n'],
    ['no newline at the end', 'a,b\n1,x\n2,y'],
    ['quotes around everything', '"a","b"\n"1","x"\n"2","y"\n'],
  ])('reads a file with %s', async (_, content) => {
    expect(await tableOf(content)).toEqual({
      columns: ['a', 'b'],
      total: 2,
      rows: [
        [1, null, '1', 'x'],
        [2, null, '2', 'y'],
      ],
    });
  });

  it('reads newlines inside quotes, of another kind than those between rows', async () => {
    expect((await tableOf('a,b\n"1\r\n1",x\n"2\n2",y\n')).rows).toEqual([
      [1, null, '1\r\n1', 'x'],
      [2, null, '2\n2', 'y'],
    ]);
  });

  it('numbers columns without a name', async () => {
    expect((await tableOf(',b\n1,x\n')).columns).toEqual(['column1', 'b']);
  });

  it('reads a header without rows', async () => {
    expect(await tableOf('a,b\n')).toEqual({ columns: ['a', 'b'], total: 0, rows: [] });
  });

  it('numbers the rows of a file of several blocks, with records across their borders', async () => {
    const lines = Array.from({ length: 60_000 }, (_, k) =>
      k % 1000 === 999
        ? 'broken'
        : k % 7 === 0
          ? `${k + 1},"two\nlines ""${k}"" "`
          : `${k + 1},some text that fills the line`,
    );
    const { total, rows } = await tableOf(`n,text\n${lines.join('\n')}\n`);
    expect(total).toBe(60_000);
    expect(rows.filter(([row, , n]) => n !== null && String(row) !== n)).toEqual([]);
    expect(rows.filter(([, broken]) => broken !== null).map(([row]) => row)).toEqual(
      Array.from({ length: 60 }, (_, k) => (k + 1) * 1000),
    );
    expect(rows[7 * 8000]).toEqual([56_001, null, '56001', 'two\nlines "56000" ']);
  });

  it('drops a line of more than 1 MiB and reads on', async () => {
    const { rows } = await tableOf(`a,b\n1,${'x'.repeat(3_000_000)}\n2,y\n`);
    expect(rows).toEqual([
      [1, 'is longer than 1 MiB', null, null],
      [2, null, '2', 'y'],
    ]);
  });
});
