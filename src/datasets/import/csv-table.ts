/** CSV: every column is text, so that an id "007" stays what it is; `infer-types.ts` finds the types of attributes. */
import { join } from 'node:path';
import { copyCsv } from './csv-copy.js';
import { scanCsv } from './csv-scan.js';
import { quoted, type Database } from './database.js';
import { numbered, type Table } from './table.js';

export async function csvTable(database: Database, file: string): Promise<Table> {
  const scan = await scanCsv(file);
  const { columns, total, regular } = scan;
  const copy = join(database.folder, 'regular.csv');
  if (!regular) await copyCsv(file, scan, copy);
  const names = [...(regular ? [] : ['file_row', 'broken']), ...columns.map((_, k) => `field${k}`)];
  const options = [
    quoted(regular ? await database.literalPath(file) : copy),
    `columns = {${names.map((name) => `${quoted(name)}: 'VARCHAR'`).join(', ')}}`,
    `delim = ${quoted(scan.delimiter)}, quote = '"', escape = '"', auto_detect = false, header = ${regular}`,
    // Left to itself, DuckDB takes the first newline for that of the file, even one inside quotes.
    `new_line = ${quoted(regular ? scan.newline : '\\n')}`,
    // A record of the copy has at most each of its bytes doubled.
    `max_line_size = 4194304, compression = 'none', hive_partitioning = false, parallel = ${!scan.quotedNewlines}`,
  ];
  const place = regular
    ? 'row_number() OVER () AS file_row, NULL::VARCHAR AS broken'
    : 'file_row::BIGINT AS file_row, broken';
  const places = new Map(columns.map((name, k) => [name, `field${k}`]));
  return {
    columns: columns.map((name) => ({ name, kind: 'text' })),
    total,
    from: (wanted) => {
      const fields = numbered(wanted.map((name) => places.get(name)!));
      return `SELECT ${place}, ${fields} FROM read_csv(${options.join(', ')})`;
    },
  };
}
