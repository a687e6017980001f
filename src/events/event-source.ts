/** Events that can be read in their order, more than once: a log, or files of clicks. What a replay runs on. */
import { createHash } from 'node:crypto';
import { type EventLog, type LogEntry, type Position } from './log.js';

export interface EventSource {
  /** Equal for equal content: a fold of it, kept for later, goes by this name. */
  readonly fingerprint: string;
  /** Entries after the position, in order, in batches. */
  read(after: Position): AsyncIterable<readonly LogEntry[]>;
}

const BATCH = 4_096;

/** The log up to where it ends now. What is appended while it is read is left out. */
export async function logSource(log: EventLog): Promise<EventSource> {
  const end = log.last();
  const [first] = await log.read(0, 1);
  return {
    fingerprint: createHash('sha256')
      .update(JSON.stringify(first ?? null))
      .digest('hex'),
    async *read(after) {
      for (let position = after; position < end;) {
        const entries = await log.read(position, BATCH);
        if (entries.length === 0) return;
        position = entries.at(-1)!.position;
        yield position <= end ? entries : entries.filter((entry) => entry.position <= end);
      }
    },
  };
}
