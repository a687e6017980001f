/**
 * Folders beside the snapshots whose work isn't done: being written, or being removed. Their names say which process
 * works on them; they are hidden, and no reader takes them for snapshots.
 */
import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MACHINE_MARK } from '../disk/machine-mark.js';
import { isTaken } from '../disk/process-mark.js';

const NAME = /^\.staging-([0-9a-f]{8})-(\d+)-/;
const LEFT_MS = 3_600_000;

export function stagingName(): string {
  return `.staging-${MACHINE_MARK}-${process.pid}-${randomUUID()}`;
}

/** Removes what killed processes left: theirs of this machine at once, any other after an hour. */
export async function sweepStaging(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const [, machine, pid] = NAME.exec(name) ?? [];
    if (machine === undefined) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    const gone = machine === MACHINE_MARK && !isTaken(Number(pid));
    if (found === null || (!gone && Date.now() - found.mtimeMs <= LEFT_MS)) continue;
    // Two may sweep at once; what one of them can't remove waits for the next.
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
