/** Entries that were read or appended a moment ago and go to whoever folds them: in order, without a gap, each once. */
import { type LogEntry, type Position } from './log.js';

/** Entries held at most: who folds is far behind then, and reads. */
const MOST = 4_096;

export class RecentEntries {
  private entries: LogEntry[] = [];

  /** Entries in order. What stands before a gap, in them or to them, is let go: an erasure takes entries out of a stream. */
  add(entries: readonly LogEntry[]): void {
    let held = this.entries;
    for (const entry of entries) {
      const end = held.at(-1)?.position ?? entry.position - 1;
      if (entry.position <= end) continue;
      if (entry.position > end + 1) held = [];
      held.push(entry);
    }
    this.entries = held.length > MOST ? held.slice(-MOST) : held;
  }

  /** Those after the position, which are no longer held then; none where the first of them is not held. */
  take(after: Position): readonly LogEntry[] {
    const { entries } = this;
    if (entries.length === 0 || entries[0]!.position > after + 1) return [];
    this.clear();
    return entries.filter(({ position }) => position > after);
  }

  clear(): void {
    this.entries = [];
  }
}
