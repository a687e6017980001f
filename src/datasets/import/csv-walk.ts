/**
 * Walks over all records of a CSV file, block by block; blank lines are not records. One record object is reused: a
 * visitor keeps nothing of it. What `blockDone` awaits holds back the next block.
 */
import { createReadStream } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { CsvRecord } from './csv-record.js';

export interface CsvVisitor {
  record(record: CsvRecord): void;
  blank?(): void;
  blockDone?(): Promise<void>;
}

const BLOCK_BYTES = 1 << 20;

export async function walkCsv(file: string, start: number, delimiter: string, visitor: CsvVisitor): Promise<void> {
  const record = new CsvRecord(delimiter.charCodeAt(0));
  let rest: Buffer = Buffer.alloc(0);
  let skipping = false;
  const walk = async (bytes: Buffer, final: boolean): Promise<void> => {
    const clean = isUtf8(bytes);
    let at = 0;
    while (at < bytes.length) {
      if (skipping) {
        at = afterNewline(bytes, at);
        skipping = at < 0;
        if (skipping) break;
        continue;
      }
      if (!record.read(bytes, at, final)) break;
      at = record.next;
      skipping = record.newline === 'none' && !final;
      if (record.end === record.start) {
        visitor.blank?.();
        continue;
      }
      if (!clean && !isUtf8(bytes.subarray(record.start, record.end))) record.problem ??= 'is not UTF-8 text';
      visitor.record(record);
    }
    rest = at < 0 ? Buffer.alloc(0) : bytes.subarray(at);
    await visitor.blockDone?.();
  };
  for await (const block of createReadStream(file, { start, highWaterMark: BLOCK_BYTES }))
    await walk(rest.length > 0 ? Buffer.concat([rest, block as Buffer]) : (block as Buffer), false);
  await walk(rest, true);
}

/** Start of the next line; -1 where no newline is left. */
function afterNewline(bytes: Buffer, at: number): number {
  const newline = bytes.indexOf('\n', at);
  return newline < 0 ? -1 : newline + 1;
}
