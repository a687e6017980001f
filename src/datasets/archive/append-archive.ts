/**
 * Appends what a log in Redis has got since the last run to its archive: files of ranges of positions, each written whole beside, given
 * its name, and acknowledged only then. The folder is what counts: a run that was killed leaves a range either without a name, and it is
 * written again, or with it, and it is found. One process at a time has the archive; one that has lost it without noticing can't give a
 * name a second time. Erasures that files have not got reach them first.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type EventLog, type LogEntry, LogTrimmedError, type Position } from '../../events/log.js';
import { ArchiveClaimError, type RedisArchive } from '../../events/redis-archive.js';
import {
  ArchiveFolderError,
  giveName,
  isUnfinished,
  openArchiveFolder,
  rangeName,
  removeFrom,
} from './archive-folder.js';
import { eraseInArchive } from './erase-in-archive.js';
import { upToOf, writeRange } from './range-file.js';
import { CHUNK_ROWS } from './staging-table.js';

export interface AppendOptions {
  /** One with a name. */
  readonly log: EventLog;
  readonly archive: RedisArchive;
  readonly folder: string;
  /** Begins an archive in an empty folder in place of the one that there is elsewhere. */
  readonly anew?: boolean;
  /** Events of one file at most. */
  readonly eventsPerFile?: number;
}

export interface AppendReport {
  /** Interactions that came to the archive. */
  readonly interactions: number;
  readonly files: number;
  /** Files that were written anew because of erasures. */
  readonly rewritten: number;
  /** The archive is of the log up to here. */
  readonly position: Position;
}

/** @throws ArchiveFolderError, ArchiveClaimError, LogTrimmedError, LogUnavailableError */
export async function appendArchive(options: AppendOptions): Promise<AppendReport> {
  const { log, archive, folder, anew = false } = options;
  await mkdir(folder, { recursive: true });
  const { archive: name, ranges } = await openArchiveFolder(folder, log.history!);
  if (anew && ranges.length > 0)
    throw new ArchiveFolderError(`${folder} is not empty; --anew begins in an empty folder`);
  await archive.claim(name, { anew });
  try {
    return await append(options);
  } finally {
    // Where Redis is away, the claim ends of itself.
    await archive.release().catch(() => undefined);
  }
}

async function append({ log, archive, folder, eventsPerFile = 1_000_000 }: AppendOptions): Promise<AppendReport> {
  await removeFrom(folder, isUnfinished);
  const { ranges } = await openArchiveFolder(folder, log.history!);
  const newest = ranges.at(-1);
  let position = newest === undefined ? 0 : await upToOf(join(folder, newest.name));
  const end = log.last();
  if (position > end) {
    throw new ArchiveFolderError(
      `${folder} goes up to position ${position} and the log to ${end}: it has lost events; give an empty folder, and --anew`,
    );
  }
  await archive.acknowledge(position);
  // One that comes from now on is for the next run: it may miss what this one is about to read.
  const erasures = await archive.owed();
  const beforeEach = (): Promise<void> => archive.keep();
  const rewritten = await eraseInArchive({ folder, ranges, erasures, beforeEach });
  await archive.carriedOut(erasures);
  if (position === 0) position = await beginningOf(log);
  let [interactions, files] = [0, 0];
  for (; position < end; files++) {
    const upTo = Math.min(position + eventsPerFile, end);
    const name = rangeName(position + 1);
    const written = await writeRange(folder, { name, upTo }, entriesOf(log, position, upTo));
    await archive.keep();
    if (!(await giveName(written.draft, join(folder, name)))) {
      throw new ArchiveClaimError('ARCHIVE_CLAIM_LOST', `another process has begun to write ${name}`);
    }
    await archive.acknowledge(upTo);
    interactions += written.interactions;
    position = upTo;
  }
  return { interactions, files, rewritten, position };
}

/** Position before the first event that the log still has. */
async function beginningOf(log: EventLog): Promise<Position> {
  try {
    await log.read(0, 1);
    return 0;
  } catch (error) {
    if (error instanceof LogTrimmedError) return error.first - 1;
    throw error;
  }
}

async function* entriesOf(log: EventLog, after: Position, upTo: Position): AsyncGenerator<readonly LogEntry[]> {
  for (let position = after; position < upTo;) {
    const entries = await log.read(position, Math.min(CHUNK_ROWS, upTo - position));
    yield entries;
    position = entries.at(-1)!.position;
  }
}
