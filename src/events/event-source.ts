/** Events that can be read in their order, more than once: a log, or files of clicks. What a replay runs on. */
import { createHash } from 'node:crypto';
import { type EventLog, type LogEntry, type Position } from './log.js';

export interface EventSource {
  /** Names the source: what is kept of it for later goes by this. It stays while a log grows, and two copies of one log share it. */
  readonly fingerprint: string;
  /** Names the content up to the position: what was kept there is of these events only if this is the same. */
  markOf(position: Position): Promise<string>;
  /** Whether no event is of before an earlier one, so that who wants none from some moment on may stop there. */
  readonly inTimeOrder: boolean;
  /** Entries after the position, in order, in batches. */
  read(after: Position): AsyncIterable<readonly LogEntry[]>;
}

const BATCH = 4_096;

/** Entries after the position, up to where none of before `until` can follow, or to the end; some from `until` on are among them. */
export async function* readUntil(
  source: Pick<EventSource, 'inTimeOrder' | 'read'>,
  until: number,
  after: Position = 0,
): AsyncGenerator<readonly LogEntry[]> {
  for await (const entries of source.read(after)) {
    yield entries;
    if (source.inTimeOrder && entries.at(-1)!.event.at >= until) return;
  }
}

/**
 * The log up to where it ends now. What is appended while it is read is left out. Its mark is of the event at the position and
 * of those at a half, a quarter, ... of it: copies of one log that went on apart differ at the last of them, and it costs a
 * few look-ups however long the log is. What an erasure rewrites it need not show: an erasure removes what was kept.
 */
export async function logSource(log: EventLog): Promise<EventSource> {
  const end = log.last();
  const [first] = await log.read(0, 1);
  return {
    fingerprint: hashOf(first ?? null),
    // What comes late stands late.
    inTimeOrder: false,
    async markOf(position) {
      const sampled: Position[] = [];
      for (let at = position; at >= 1; at = Math.floor(at / 2)) sampled.push(at);
      return hashOf(await log.get(sampled));
    },
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

function hashOf(content: unknown): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
