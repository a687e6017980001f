/** Reads of lmdb-js that need care. */
import { type Database, type RootDatabase } from 'lmdb';

/**
 * Makes the reads that follow see everything that is committed now, by whichever process; lmdb-js would stay with an
 * older view until the event loop turns. Throws where the environment can't be read any more (closed, MDB_PANIC after a
 * failed write of its header): only a get does so, a range would look empty.
 */
export function freshView(root: RootDatabase): void {
  root.resetReadTxn();
  root.doesExist(0);
}

/** The greatest key of a sub-database whose keys count from 1; 0 where it is empty. */
export function lastKey(database: Database<unknown, number>): number {
  for (const key of database.getKeys({ reverse: true, limit: 1 })) return key;
  return 0;
}
