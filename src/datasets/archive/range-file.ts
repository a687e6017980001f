/**
 * One file of an archive that grows with its log: the interactions among the events of a range of positions, in the order of the
 * log. Up to where the range goes stands in the file itself, as `up_to` among the metadata of the Parquet: it may end with events
 * of other kinds, and a range without interactions is a file without rows.
 */
import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { flush } from '../../disk/durable-file.js';
import { type LogEntry, type Position } from '../../events/log.js';
import { Database, quoted } from '../import/database.js';
import { StagingTable } from './staging-table.js';

export interface RangeDraft {
  readonly draft: string;
  readonly interactions: number;
}

/** Writes the file whole and flushed, under a name of its own; entries come in batches of at most `CHUNK_ROWS`. */
export async function writeRange(
  folder: string,
  { name, upTo }: { readonly name: string; readonly upTo: Position },
  batches: AsyncIterable<readonly LogEntry[]>,
): Promise<RangeDraft> {
  const draft = join(folder, `${name}.${randomUUID()}.tmp`);
  const database = await Database.open(resolve(folder));
  try {
    const table = await StagingTable.create(database);
    let interactions = 0;
    for await (const entries of batches) {
      interactions += table.add(entries);
      // Chunks of DuckDB are freed when the event loop turns.
      await nextTurn();
    }
    table.finish();
    const options = `FORMAT parquet, COMPRESSION zstd, KV_METADATA {up_to: '${upTo}'}`;
    const to = quoted(resolve(draft));
    await database.connection.run(`COPY (${table.select} ORDER BY position) TO ${to} (${options})`);
    await flush(draft);
    return { draft, interactions };
  } finally {
    await database.close();
  }
}

/** Up to where in the log the file goes. */
export async function upToOf(path: string): Promise<Position> {
  const database = await Database.open();
  try {
    const file = quoted(await database.literalPath(resolve(path)));
    const query = `SELECT decode(value) FROM parquet_kv_metadata(${file}) WHERE decode(key) = 'up_to'`;
    const [row] = await database.rows(query);
    return Number(row![0]);
  } finally {
    await database.close();
  }
}
