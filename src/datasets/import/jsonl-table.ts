/**
 * JSON lines: one object a line, every key of the file a column. DuckDB gives a line that is not JSON as a null in its
 * place, so that row numbers hold; it skips blank lines.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { quoted, type Database } from './database.js';
import { ImportError } from './import-error.js';
import { numbered, type Table } from './table.js';

const BROKEN = `CASE WHEN json IS NULL THEN 'is not valid JSON' WHEN json_type(json) <> 'OBJECT' THEN 'is not a JSON object' END`;

export async function jsonlTable(database: Database, file: string): Promise<Table> {
  const path = quoted(await database.literalPath(await withoutMark(database, file)));
  const read = `read_ndjson_objects(${path}, ignore_errors = true, compression = 'uncompressed', hive_partitioning = false)`;
  const keys = `SELECT CASE WHEN json_type(json) = 'OBJECT' THEN json_keys(json) END AS keys, count(*) AS lines FROM ${read} GROUP BY 1`;
  const [found] = await database.rows(`SELECT sum(lines)::DOUBLE, list_distinct(flatten(list(keys))) FROM (${keys})`);
  const [total, names] = found as [number | null, string[] | null];
  if (!names?.length) throw new ImportError('UNREADABLE_FILE', `no line of ${file} holds a JSON object with keys`);
  return {
    columns: [...names].sort().map((name) => ({ name, kind: 'json' })),
    total: total ?? 0,
    from: (wanted) => {
      // One call for all keys: a line is parsed once.
      const values = `json_extract(json, [${wanted.map(pointer).join(', ')}])`;
      const rows = `SELECT row_number() OVER () AS file_row, ${BROKEN} AS broken, ${values} AS found FROM ${read}`;
      const columns = numbered(wanted.map((_, k) => `CASE WHEN broken IS NULL THEN found[${k + 1}] END`));
      return `SELECT file_row, broken, ${columns} FROM (${rows})`;
    },
  };
}

/** A key as a JSON pointer (RFC 6901), which takes any key; a path would not. */
const pointer = (key: string): string => quoted(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);

/** The file, or a copy without the byte order mark, which DuckDB would take for a part of the first line. */
async function withoutMark(database: Database, file: string): Promise<string> {
  const handle = await open(file);
  const head = await handle.read(Buffer.alloc(3), 0, 3, 0).finally(() => handle.close());
  if (head.buffer.toString('hex') !== 'efbbbf') return file;
  const copy = join(database.folder, 'unmarked.jsonl');
  await pipeline(createReadStream(file, { start: 3 }), createWriteStream(copy));
  return copy;
}
