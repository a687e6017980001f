/** Counters in lmdb, which all processes of a machine share. Nothing is flushed: a machine that goes down forgets some. */
import { type Database, open, type RootDatabase } from 'lmdb';
import { type Count, counterKey, type Counters } from './counters.js';

export interface LmdbCountersOptions {
  /** Created where it doesn't exist. */
  readonly folder: string;
  readonly tenant?: string;
  /** Milliseconds, the same clock for all processes. */
  readonly clock: () => number;
}

/** Additions between two clearings of counters whose window is over. */
const CLEAR_EVERY = 1_000;
/** Counters that one clearing takes out at most. */
const CLEAR_MOST = 5_000;

export class LmdbCounters implements Counters {
  private readonly root: RootDatabase;
  private readonly counts: Database<number, [number, string]>;
  private additions = 0;

  constructor(private readonly options: LmdbCountersOptions) {
    this.root = open({ path: options.folder, noSync: true });
    this.counts = this.root.openDB({ name: `${options.tenant ?? 'main'}/counts` });
  }

  /** About 10 microseconds. */
  add(name: string, amount: number, windowMs: number): Count {
    const now = this.options.clock();
    const endsAt = (Math.floor(now / windowMs) + 1) * windowMs;
    const key: [number, string] = [endsAt, counterKey(name)];
    const clears = this.additions++ % CLEAR_EVERY === 0;
    const value = this.root.transactionSync(() => {
      if (clears) this.clearBefore(now);
      const sum = (this.counts.get(key) ?? 0) + amount;
      this.counts.putSync(key, sum);
      return sum;
    });
    return { value, endsInMs: endsAt - now };
  }

  close(): Promise<void> {
    return this.root.close();
  }

  private clearBefore(now: number): void {
    const over = [...this.counts.getKeys({ end: [now, ''], limit: CLEAR_MOST })];
    for (const key of over) this.counts.removeSync(key);
  }
}
