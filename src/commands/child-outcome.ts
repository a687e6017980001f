/** How a child process ended. */
import { type ChildProcess } from 'node:child_process';

/** Null where it did what it should, else why not; resolves when all that it said has been read. */
export function childOutcome(child: ChildProcess): Promise<string | null> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? null : `ended with ${signal ?? `code ${code}`}`));
  });
}
