/** Entries that were read or appended a moment ago and go to whoever folds them: in order, without a gap, each once. */
import { type LogEntry, type Position } from './log.js';

/** Entries held at most: who folds is far behind then, and reads. */
const MOST = 4_096;

export class RecentEntries {
  private entries: LogEntry[] = [];

  /** Entries in order without a gap; what is held before a gap to them is let go. */
  add(entries: readonly LogEntry[]): void {
    const end = this.entries.at(-1)?.position;
    const later = end === undefined ? entries : entries.filter(({ position }) => position > end);
    if (later.length === 0) return;
    const held = end === undefined || later[0]!.position === end + 1 ? this.entries : [];
    held.push(...later);
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
