/**
 * The folder of an archive that grows with its log: `archive.json`, which says of which log it is, and one file for each range
 * of positions, `interactions-from-0000000000000001.parquet`. What has its name is whole and is never given a second time.
 */
import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { flush, writeDurable } from '../../disk/durable-file.js';
import { type Position } from '../../events/log.js';
import { WORKING_FOLDER } from '../import/database.js';

export const ARCHIVE_MARK = 'archive.json';
const INTERACTIONS = /^interactions-.+\.parquet$/;
const RANGE = /^interactions-from-(\d{16})\.parquet$/;

/** The folder can't hold what is to be archived. The message says why and what to do. */
export class ArchiveFolderError extends Error {
  override readonly name = 'ArchiveFolderError';
  readonly code = 'ARCHIVE_FOLDER';

  constructor(message: string) {
    super(`ARCHIVE_FOLDER: ${message}`);
  }
}

export interface RangeName {
  readonly name: string;
  readonly from: Position;
}

export interface ArchiveFolder {
  /** Random name of the archive. */
  readonly archive: string;
  /** In the order of the log. */
  readonly ranges: readonly RangeName[];
}

export function rangeName(from: Position): string {
  return `interactions-from-${String(from).padStart(16, '0')}.parquet`;
}

/** The archive in the folder, begun where there is none. `log` is the log's own name. @throws ArchiveFolderError */
export async function openArchiveFolder(folder: string, log: string): Promise<ArchiveFolder> {
  const names = await readdir(folder);
  const others = names.filter((name) => INTERACTIONS.test(name) && !RANGE.test(name));
  if (others.length > 0) {
    throw new ArchiveFolderError(
      `${folder} has files of another kind of archive, such as ${others[0]}; give an empty one`,
    );
  }
  const path = join(folder, ARCHIVE_MARK);
  if (!names.includes(ARCHIVE_MARK)) {
    const draft = `${path}.${randomUUID()}.tmp`;
    await writeDurable(draft, Buffer.from(JSON.stringify({ archive: randomUUID(), log })));
    await giveName(draft, path);
  }
  const mark = JSON.parse(await readFile(path, 'utf8')) as { readonly archive: string; readonly log: string };
  if (mark.log !== log) {
    throw new ArchiveFolderError(`${folder} is the archive of another log; give an empty one, and --anew`);
  }
  return { archive: mark.archive, ranges: await rangesIn(folder) };
}

export async function rangesIn(folder: string): Promise<readonly RangeName[]> {
  return (await readdir(folder)).toSorted().flatMap((name) => {
    const from = RANGE.exec(name)?.[1];
    return from === undefined ? [] : [{ name, from: Number(from) }];
  });
}

/**
 * Gives a whole file the name that no other has, durably; false where there is one already, or another process has swept the draft
 * up. The draft is gone in either case.
 */
export async function giveName(draft: string, path: string): Promise<boolean> {
  const isGiven = await link(draft, path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST' || error.code === 'ENOENT') return false;
      throw error;
    },
  );
  await rm(draft, { force: true });
  await flush(dirname(path));
  return isGiven;
}

/** What a killed run leaves: it holds interactions too, so it must not stay. */
export function isUnfinished(name: string): boolean {
  return name.startsWith(WORKING_FOLDER) || /^(interactions-.+\.parquet|archive\.json)\.[0-9a-f-]+\.tmp$/.test(name);
}

/** Says how many there were. */
export async function removeFrom(folder: string, isOld: (name: string) => boolean): Promise<number> {
  const old = (await readdir(folder)).filter(isOld);
  for (const name of old) await rm(join(folder, name), { recursive: true, force: true });
  return old.length;
}
