/**
 * Writes the interactions of a log as Parquet, one file a UTC day, `interactions-2017-10-01.parquet`. Every day is
 * written anew each time, and days that the log no longer has are removed: so an erasure reaches the archive with its
 * next run, and not before. A file is written beside, flushed and renamed: a killed run leaves whole files only, of which
 * some days are older. The other kinds of event (items, profiles, merges) are not archived; the log has them.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { flush } from '../../disk/durable-file.js';
import { type EventLog, type Position } from '../../events/log.js';
import { Database, quoted } from '../import/database.js';
import { ARCHIVE_MARK, ArchiveFolderError, isUnfinished, removeFrom } from './archive-folder.js';
import { CHUNK_ROWS, StagingTable } from './staging-table.js';

const DAY_MS = 86_400_000;
const NAME = /^interactions-.+\.parquet$/;

export interface ArchiveReport {
  readonly interactions: number;
  readonly days: number;
  /** Files of days that the log no longer has. */
  readonly removed: number;
  /** The archive is of the log up to here. */
  readonly position: Position;
}

/** Of two that write to one folder at once one may fail, and what is left are whole files. @throws ArchiveFolderError */
export async function writeArchive(log: EventLog, folder: string): Promise<ArchiveReport> {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).includes(ARCHIVE_MARK)) {
    throw new ArchiveFolderError(`${folder} is the archive of a log in Redis; give another folder with --to`);
  }
  await removeFrom(folder, isUnfinished);
  const database = await Database.open(resolve(folder));
  try {
    const position = log.last();
    const table = await StagingTable.create(database);
    const interactions = await stage(log, position, table);
    const days = await daysOf(database, table);
    for (const [day, file] of days) await writeDay(database, dayQuery(table, day), join(folder, file));
    const written = new Set(days.values());
    const removed = await removeFrom(folder, (name) => NAME.test(name) && !written.has(name));
    await flush(folder);
    return { interactions, days: days.size, removed, position };
  } finally {
    await database.close();
  }
}

async function stage(log: EventLog, upTo: Position, table: StagingTable): Promise<number> {
  let interactions = 0;
  for (let position = 0; position < upTo;) {
    const entries = await log.read(position, Math.min(CHUNK_ROWS, upTo - position));
    interactions += table.add(entries);
    position = entries.at(-1)!.position;
    // Chunks of DuckDB are freed when the event loop turns, and neither of the two above waits for it.
    await nextTurn();
  }
  table.finish();
  return interactions;
}

/** Days since 1970 and their files, in order. */
async function daysOf(database: Database, { name }: StagingTable): Promise<ReadonlyMap<number, string>> {
  const rows = await database.rows(`SELECT DISTINCT floor(time / ${DAY_MS}) AS day FROM ${name} ORDER BY day`);
  const fileOf = (day: number): string => `interactions-${new Date(day * DAY_MS).toISOString().slice(0, 10)}.parquet`;
  return new Map(rows.map(([day]) => [Number(day), fileOf(Number(day))]));
}

function dayQuery({ select }: StagingTable, day: number): string {
  return `${select} WHERE time >= ${day * DAY_MS} AND time < ${(day + 1) * DAY_MS} ORDER BY position`;
}

async function writeDay({ connection }: Database, query: string, path: string): Promise<void> {
  const beside = `${path}.${randomUUID()}.tmp`;
  await connection.run(`COPY (${query}) TO ${quoted(resolve(beside))} (FORMAT parquet, COMPRESSION zstd)`);
  await flush(beside);
  await rename(beside, path);
}
