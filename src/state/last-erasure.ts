/**
 * Which erasure a folder of kept folds has seen last: a random name in a file of the folder. An erasure writes another one
 * once the log no longer names the person, and only then removes what is kept; so a fold is free of everybody erased if the
 * name is the same after it was written as it was before its first event was read.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../disk/durable-file.js';

const FILE = 'last-erasure';
/** Somebody may be writing there: a folder that fills while it is emptied is emptied again. */
const RETRIES = 10;

/** The name; empty where nobody was erased yet. */
export async function lastErasure(folder: string): Promise<string> {
  return readFile(join(folder, FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

/** Makes every fold of events read before now one that must not be kept, and removes those that are. */
export async function dropKeptFolds(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await replaceFile(join(folder, FILE), randomUUID());
  for (const name of await readdir(folder)) {
    // Also the draft of another erasure that is at this very step.
    if (name.startsWith(FILE)) continue;
    await rm(join(folder, name), { recursive: true, force: true, maxRetries: RETRIES });
  }
}
