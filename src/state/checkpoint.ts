/**
 * Checkpoints in a folder: each one file, `checkpoint-POSITION.bin`, written beside and moved into place.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { flush } from '../disk/durable-file.js';
import { type Position } from '../events/log.js';
import {
  type Checkpointable,
  CheckpointError,
  decodeCheckpoint,
  encodeCheckpoint,
  type Loadable,
  sealCheckpoint,
} from './checkpoint-bytes.js';

export { CheckpointError, settingsKey, stateHash } from './checkpoint-bytes.js';

const NAME = /^checkpoint-(\d{16})\.bin$/;
/** A file that is being written, or that a process left when it was killed. */
const UNFINISHED = /^checkpoint-\d{16}\.bin\..*\.tmp$/;
/** Nobody writes on a file that has not changed for so long. */
const ABANDONED_MS = 10 * 60_000;
/** Checkpoints that are kept: should the newest be damaged, there is one more. */
export const KEPT_CHECKPOINTS = 2;
/** Written between two turns of the event loop. */
const CHUNK_BYTES = 4 * 2 ** 20;

export interface WriteCheckpointOptions {
  readonly keep?: number;
  /** The log whose position it tells. */
  readonly log?: string | undefined;
}

/**
 * Writes the state as of now, durably, and removes all but the `keep` newest checkpoints; resolves to the file's bytes. What
 * killed processes left unfinished goes first; where this checkpoint is to be the only one, what others are writing does too.
 */
export async function writeCheckpoint(
  folder: string,
  state: Checkpointable,
  { keep = KEPT_CHECKPOINTS, log }: WriteCheckpointOptions = {},
): Promise<number> {
  const { position } = state;
  const buffer = encodeCheckpoint(state, log);
  await sealCheckpoint(buffer);
  await mkdir(folder, { recursive: true });
  const path = join(folder, checkpointFile(position));
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(beside, '');
    await removeUnfinished(folder, basename(beside), keep === 1 ? -Infinity : ABANDONED_MS);
    await writeFlushed(beside, buffer);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  await flush(folder);
  for (const old of (await checkpointsOf(folder)).slice(keep)) await rm(join(folder, old.file), { force: true });
  return buffer.length;
}

async function writeFlushed(path: string, buffer: Buffer): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let start = 0; start < buffer.length; start += CHUNK_BYTES) {
      await file.write(buffer.subarray(start, start + CHUNK_BYTES));
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes what had not changed for so long when `beside` was begun: the file system's own clock tells. */
async function removeUnfinished(folder: string, beside: string, unchangedForMs: number): Promise<void> {
  const { mtimeMs } = await stat(join(folder, beside));
  for (const file of await readdir(folder)) {
    if (file === beside || !UNFINISHED.test(file)) continue;
    const changedAt = await stat(join(folder, file)).then(
      (other) => other.mtimeMs,
      () => Infinity, // finished in the meantime
    );
    if (mtimeMs - changedAt >= unchangedForMs) await rm(join(folder, file), { force: true });
  }
}

/** Name of the file of a position. */
export function checkpointFile(position: Position): string {
  return `checkpoint-${String(position).padStart(16, '0')}.bin`;
}

/** Files of a folder, newest first. */
export async function checkpointsOf(folder: string): Promise<readonly { file: string; position: Position }[]> {
  const files = await readdir(folder).catch(() => []);
  return files
    .flatMap((file) => (NAME.test(file) ? [{ file, position: Number(NAME.exec(file)![1]) }] : []))
    .sort((a, b) => b.position - a.position);
}

/**
 * Reads a checkpoint into an empty state.
 * @throws CheckpointError where it is damaged, or was made under other settings or of another log
 */
export async function readCheckpoint(path: string, state: Loadable, log?: string): Promise<void> {
  const buffer = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new CheckpointError(`${path} is gone`) : error;
  });
  await decodeCheckpoint(buffer, state, { name: path, log });
}
