/**
 * Counters of what callers have used up, in lmdb, which all processes of a machine share. A counter counts within a window of the
 * clock, such as a minute or a day, and is gone after it. Nothing is flushed: a machine that goes down forgets some.
 */
import { createHash } from 'node:crypto';
import { type Database, open, type RootDatabase } from 'lmdb';

export interface CountersOptions {
  /** Created where it doesn't exist. */
  readonly folder: string;
  readonly tenant?: string;
  /** Milliseconds, the same clock for all processes. */
  readonly clock: () => number;
}

export interface Count {
  /** What the window has seen, this time included. */
  readonly value: number;
  /** End of the window, ms. */
  readonly endsAt: number;
}

/** Additions between two clearings of counters whose window is over. */
const CLEAR_EVERY = 1_000;
/** Counters that one clearing takes out at most. */
const CLEAR_MOST = 5_000;

/** Characters of a name; lmdb's keys have 1,978 bytes at most, and a client chooses what is in them. */
const LONGEST_NAME = 600;

const digestOf = (name: string): string => createHash('sha256').update(name).digest('base64');

export class LmdbCounters {
  private readonly root: RootDatabase;
  private readonly counts: Database<number, [number, string]>;
  private additions = 0;

  constructor(private readonly options: CountersOptions) {
    this.root = open({ path: options.folder, noSync: true });
    this.counts = this.root.openDB({ name: `${options.tenant ?? 'main'}/counts` });
  }

  /** Adds to the counter of the window that is now. About 10 microseconds. */
  add(name: string, amount: number, windowMs: number): Count {
    const now = this.options.clock();
    const endsAt = (Math.floor(now / windowMs) + 1) * windowMs;
    const key: [number, string] = [endsAt, name.length > LONGEST_NAME ? digestOf(name) : name];
    const clears = this.additions++ % CLEAR_EVERY === 0;
    const value = this.root.transactionSync(() => {
      if (clears) this.clearBefore(now);
      const sum = (this.counts.get(key) ?? 0) + amount;
      this.counts.putSync(key, sum);
      return sum;
    });
    return { value, endsAt };
  }

  close(): Promise<void> {
    return this.root.close();
  }

  private clearBefore(now: number): void {
    const over = [...this.counts.getKeys({ end: [now, ''], limit: CLEAR_MOST })];
    for (const key of over) this.counts.removeSync(key);
  }
}
