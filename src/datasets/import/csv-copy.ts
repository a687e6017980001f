/**
 * Copies an irregular CSV file into a form that every reader takes the same way: no header, no blank lines, one kind of
 * newline, and before each record two columns more: its row number and what is wrong with it. A malformed record keeps
 * its row, with all columns empty.
 */
import { open } from 'node:fs/promises';
import { formatFields, parseFields } from './csv-fields.js';
import { type CsvRecord } from './csv-record.js';
import { problemOf, type CsvScan } from './csv-scan.js';
import { walkCsv } from './csv-walk.js';

const NEWLINE = Buffer.from('\n');

export async function copyCsv(file: string, scan: CsvScan, target: string): Promise<void> {
  const { delimiter, columns, start } = scan;
  const empty = delimiter.repeat(columns.length - 1);
  const output = await open(target, 'w');
  let parts: Buffer[] = [];
  let row = -1;
  const body = (record: CsvRecord): Buffer => {
    const bytes = record.bytes.subarray(record.start, record.end);
    return record.quoted || record.ambiguous
      ? Buffer.from(formatFields(parseFields(bytes.toString(), delimiter), delimiter))
      : bytes;
  };
  try {
    await walkCsv(file, start, delimiter, {
      record: (record) => {
        if (++row === 0) return;
        const problem = problemOf(record, columns.length);
        const head = `${row}${delimiter}${problem === undefined ? '' : formatFields([problem], delimiter)}${delimiter}`;
        parts.push(Buffer.from(head), problem === undefined ? body(record) : Buffer.from(empty), NEWLINE);
      },
      blockDone: async () => {
        await output.writeFile(Buffer.concat(parts));
        parts = [];
      },
    });
  } finally {
    await output.close();
  }
}
