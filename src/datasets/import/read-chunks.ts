/** Streams the result of a query; what DuckDB cannot read in the middle of a file is the file's fault. */
import { type DuckDBDataChunk } from '@duckdb/node-api';
import { type Database } from './database.js';
import { ImportError } from './import-error.js';

export async function* readChunks(database: Database, sql: string, file: string): AsyncGenerator<DuckDBDataChunk> {
  const result = await orUnreadable(file, () => database.connection.stream(sql));
  // One chunk ahead: DuckDB makes the next one while this one is worked on.
  let next = fetch();
  try {
    for (;;) {
      const chunk = await next;
      if (chunk === null || chunk.rowCount === 0) return;
      next = fetch();
      yield chunk;
    }
  } finally {
    // A reader that leaves early may close the database, which must not happen under a fetch.
    await next.catch(() => undefined);
  }

  function fetch(): Promise<DuckDBDataChunk | null> {
    const fetched = orUnreadable(file, () => result.fetchChunk());
    // A failure is thrown where the chunk is awaited, or never, if the reader has left by then.
    fetched.catch(() => undefined);
    return fetched;
  }
}

/** Runs what reads the file, and turns a failure into an `UNREADABLE_FILE` with the first line of its message. */
export async function orUnreadable<Result>(file: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof ImportError) throw cause;
    const reason = (cause instanceof Error ? cause.message : String(cause)).split('\n', 1)[0];
    throw new ImportError('UNREADABLE_FILE', `${file} cannot be read: ${reason}`, { cause });
  }
}
