/**
 * Erasures in an archive that grows with its log: each file that has an erased person is written anew, with what the log has or, before
 * it was trimmed, had in their place. An old file stays until the new one is whole.
 */
import { rename, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { flush } from '../../disk/durable-file.js';
import { type LogEntry } from '../../events/log.js';
import { pseudonymiser } from '../../events/pseudonymise.js';
import { ArchiveClaimError, type OwedErasure } from '../../events/redis-archive.js';
import { Database, quoted } from '../import/database.js';
import { readEvents } from '../import/read-events.js';
import { type RangeName } from './archive-folder.js';
import { upToOf, writeRange } from './range-file.js';
import { CHUNK_ROWS } from './staging-table.js';

export interface EraseOptions {
  readonly folder: string;
  readonly ranges: readonly RangeName[];
  readonly erasures: readonly OwedErasure[];
  /** Called before a file takes the place of the old one; throws where it must not. */
  readonly beforeEach: () => Promise<void>;
}

/** How many files were written anew. @throws ArchiveClaimError */
export async function eraseInArchive({ folder, ranges, erasures, beforeEach }: EraseOptions): Promise<number> {
  if (erasures.length === 0) return 0;
  const concerned = await rangesWith(folder, ranges, erasures);
  for (const { name } of concerned) {
    const path = join(folder, name);
    const upTo = await upToOf(path);
    const { draft } = await writeRange(folder, { name, upTo }, erased(path, erasures));
    await beforeEach();
    // Whoever has the archive by now has swept up the drafts of others before anything else.
    await rename(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      throw new ArchiveClaimError('ARCHIVE_CLAIM_LOST', `another process has begun to write ${name}`);
    });
    await flush(folder);
  }
  return concerned.length;
}

async function rangesWith(
  folder: string,
  ranges: readonly RangeName[],
  erasures: readonly OwedErasure[],
): Promise<readonly RangeName[]> {
  const database = await Database.open();
  try {
    // The way to the folder may hold characters that DuckDB takes for a pattern.
    const within = join(database.folder, 'archive');
    await symlink(resolve(folder), within);
    const isOne = erasures.map(({ userId, upTo }) => `("user" = ${quoted(userId)} AND position <= ${upTo})`);
    const found: RangeName[] = [];
    for (const range of ranges) {
      const file = quoted(join(within, range.name));
      const rows = await database.rows(`SELECT 1 FROM read_parquet(${file}) WHERE ${isOne.join(' OR ')} LIMIT 1`);
      if (rows.length > 0) found.push(range);
    }
    return found;
  } finally {
    await database.close();
  }
}

async function* erased(file: string, erasures: readonly OwedErasure[]): AsyncGenerator<readonly LogEntry[]> {
  const rules = erasures.map((erasure) => ({
    upTo: erasure.upTo,
    pseudonymise: pseudonymiser({ ...erasure, includeForgets: false }),
  }));
  // Their times were checked when they came into the log.
  const now = Number.MAX_SAFE_INTEGER;
  const options = { file, format: 'archive', kind: 'interactions', now, strict: true, positions: true } as const;
  for await (const { events, positionOf } of readEvents({ ...options, batchSize: CHUNK_ROWS })) {
    yield events.map((event, i) => {
      const position = positionOf[i]!;
      const of = rules.filter(({ upTo }) => position <= upTo);
      return { position, event: of.reduce((one, { pseudonymise }) => pseudonymise(one) ?? one, event) };
    });
  }
}
