/**
 * Counters of what callers have used up, shared by all who serve the same data. A counter counts within a window of the clock, such as
 * a minute or a day, and is gone after it.
 */
import { createHash } from 'node:crypto';

export interface Count {
  /** What the window has seen, this time included. */
  readonly value: number;
  /** Until the window ends, ms, by the clock that counts. */
  readonly endsInMs: number;
}

export interface Counters {
  /** Adds to the counter of the window that is now. A backend that is no further than memory answers at once. */
  add(name: string, amount: number, windowMs: number): Count | Promise<Count>;
  close(): Promise<void>;
}

/** Characters of a name: keys are bounded (lmdb's have 1,978 bytes at most), and a client chooses what is in them. */
const LONGEST_NAME = 600;

/** What a counter is kept under: its name, or of a long one a digest. */
export function counterKey(name: string): string {
  return name.length > LONGEST_NAME ? createHash('sha256').update(name).digest('base64') : name;
}
