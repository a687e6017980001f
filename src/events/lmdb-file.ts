/**
 * Checks what lmdb 3.5.6 doesn't survive: on a data file that is damaged at its start, or of another format, its `open`
 * kills the process where an error belongs. Layout: `MDB_page` and `MDB_meta` of mdb.c, in the machine's byte order.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

const PAGE_HEADER_BYTES = 24;
const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;

/** Throws where the folder has a data file that lmdb can't open; a folder without one is fine. */
export function refuseForeignFile(folder: string): void {
  const path = join(folder, 'data.mdb');
  const start = new Uint32Array((PAGE_HEADER_BYTES + 8) / 4);
  const bytes = readStart(path, start);
  if (bytes === 0) return;
  const [magic, version] = start.subarray(PAGE_HEADER_BYTES / 4);
  if (magic !== MAGIC) throw new Error(`${path} is damaged, or not of lmdb`);
  if ((version! & 0xffff) !== DATA_VERSION) {
    throw new Error(`${path} has lmdb's data version ${version! & 0xffff}, expected ${DATA_VERSION}`);
  }
}

/** Number of bytes read; 0 where there is no file. */
function readStart(path: string, into: Uint32Array): number {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
  try {
    return readSync(file, into, 0, into.byteLength, 0);
  } finally {
    closeSync(file);
  }
}
