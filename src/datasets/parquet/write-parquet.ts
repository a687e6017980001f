/**
 * A table of numbers as a Parquet file, chunk by chunk: it is staged compressed on disk, so memory is bounded whatever its
 * length. The file is whole or not there.
 */
import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DuckDBDataChunk, type DuckDBType, FLOAT, INTEGER } from '@duckdb/node-api';
import { flush } from '../../disk/durable-file.js';
import { Database, quoted } from '../import/database.js';

export interface NumberColumn {
  readonly name: string;
  readonly type: 'float' | 'integer';
}

/** One array a column, all of the same length; NaN is null. */
export type NumberChunk = readonly ArrayLike<number>[];

/** Rows of one chunk of DuckDB. */
const CHUNK_ROWS = 2_048;
const MEMORY_LIMIT = '1GB';

/** Resolves to the number of rows. */
export async function writeParquet(
  path: string,
  columns: readonly NumberColumn[],
  chunks: Iterable<NumberChunk>,
): Promise<number> {
  const database = await Database.open(resolve(dirname(path)));
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    const { connection, folder } = database;
    await connection.run(`SET memory_limit = '${MEMORY_LIMIT}'`);
    await connection.run(`ATTACH ${quoted(join(folder, 'staged.duckdb'))} AS staged`);
    const types: DuckDBType[] = columns.map(({ type }) => (type === 'float' ? FLOAT : INTEGER));
    const declared = columns.map(({ name }, at) => `"${name.replaceAll('"', '""')}" ${types[at]!.toString()}`);
    await connection.run(`CREATE TABLE staged.rows (${declared.join(', ')})`);
    const appender = await connection.createAppender('rows', 'main', 'staged');
    const room = columns.map(() => new Float64Array(CHUNK_ROWS));
    let filled = 0;
    let rows = 0;
    const append = (): void => {
      if (filled === 0) return;
      const part = DuckDBDataChunk.create(types, filled);
      part.setColumns(
        room.map((column) => Array.from(column.subarray(0, filled), (value) => (Number.isNaN(value) ? null : value))),
      );
      appender.appendDataChunk(part);
      rows += filled;
      filled = 0;
    };
    for (const chunk of chunks) {
      const length = chunk[0]!.length;
      for (let row = 0; row < length; row++) {
        for (let column = 0; column < room.length; column++) room[column]![filled] = chunk[column]![row]!;
        if (++filled < CHUNK_ROWS) continue;
        append();
        // Chunks of DuckDB are freed when the event loop turns.
        await nextTurn();
      }
    }
    append();
    appender.closeSync();
    await connection.run(`COPY staged.rows TO ${quoted(resolve(beside))} (FORMAT parquet, COMPRESSION zstd)`);
    await flush(beside);
    await rename(beside, path);
    return rows;
  } finally {
    await database.close();
    await rm(beside, { force: true });
  }
}
