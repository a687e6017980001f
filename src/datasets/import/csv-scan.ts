/**
 * What must be known of a CSV file before DuckDB reads it: its delimiter and columns, how many records there are, and
 * whether it is so regular that DuckDB will see the same records. DuckDB alone will not do: it counts blank lines as
 * rows in what it rejects, stops where newlines are mixed, and loses all that follows a quote that is never closed.
 */
import { open } from 'node:fs/promises';
import { isUtf8 } from 'node:buffer';
import { type CsvRecord } from './csv-record.js';
import { parseFields } from './csv-fields.js';
import { walkCsv } from './csv-walk.js';
import { ImportError } from './import-error.js';

export interface CsvScan {
  readonly delimiter: string;
  readonly columns: readonly string[];
  /** Where the header begins: after the byte order mark. */
  readonly start: number;
  readonly total: number;
  readonly regular: boolean;
  /** As DuckDB's option; of a regular file. */
  readonly newline: '\\n' | '\\r\\n';
  readonly quotedNewlines: boolean;
}

const DELIMITERS = [',', ';', '\t', '|'];
const HEAD_BYTES = 1 << 16;

export async function scanCsv(file: string): Promise<CsvScan> {
  const head = await readHead(file);
  const start = head.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0;
  const delimiter = delimiterOf(head.toString('utf8', start));
  let columns: readonly string[] | undefined;
  let total = 0;
  let regular = start === 0;
  let quotedNewlines = false;
  const newlines = new Set<CsvRecord['newline']>();
  await walkCsv(file, start, delimiter, {
    record: (record) => {
      newlines.add(record.newline);
      if (record.ambiguous) regular = false;
      if (record.quoted && !quotedNewlines) quotedNewlines = holdsNewline(record);
      if (columns === undefined) columns = headerOf(file, record, delimiter);
      else total++;
      if (problemOf(record, columns.length) !== undefined) regular = false;
    },
    blank: () => (regular = false),
  });
  newlines.delete('none');
  if (newlines.size > 1 || newlines.has('cr')) regular = false;
  if (columns === undefined) throw new ImportError('UNREADABLE_FILE', `${file} has no header`);
  const newline = newlines.has('crlf') ? '\\r\\n' : '\\n';
  return { delimiter, columns, start, total, regular, newline, quotedNewlines };
}

/** What is wrong with a record under a header of so many columns; undefined: nothing. */
export function problemOf(record: CsvRecord, columns: number): string | undefined {
  if (record.problem !== undefined || record.fields === columns) return record.problem;
  return `has ${record.fields} columns where the header has ${columns}`;
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The delimiter that the header holds most of, outside quotes; a comma where it holds none. */
function delimiterOf(head: string): string {
  const header = /^[\r\n]*((?:"[^"]*"|[^"\r\n])*)/.exec(head)![1]!.replaceAll(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

function headerOf(file: string, record: CsvRecord, delimiter: string): readonly string[] {
  const bytes = record.bytes.subarray(record.start, record.end);
  const unreadable = (why: string): ImportError => new ImportError('UNREADABLE_FILE', `the header of ${file} ${why}`);
  if (record.problem !== undefined) throw unreadable(record.problem);
  if (!isUtf8(bytes) || bytes.includes(0)) throw unreadable('is not UTF-8 text');
  const names = parseFields(bytes.toString(), delimiter).map((name, k) => name.trim() || `column${k + 1}`);
  const twice = names.find((name, k) => names.indexOf(name) < k);
  if (twice !== undefined) throw unreadable(`has the column "${twice}" twice`);
  return names;
}

function holdsNewline({ bytes, start, end }: CsvRecord): boolean {
  const record = bytes.subarray(start, end);
  return record.includes(0x0a) || record.includes(0x0d);
}
