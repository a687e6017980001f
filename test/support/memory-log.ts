/** The event log in the memory of one process, for tests. */
import { type Event } from '../../src/events/event.js';
import { type Appended, type EventLog, LogUnavailableError, type Position } from '../../src/events/log.js';
import { pseudonymiser } from '../../src/events/pseudonymise.js';

export interface MemoryLogOptions {
  /** How many of the ids given last are known as duplicates. */
  readonly duplicateWindow?: number;
}

/** A fresh log; it keeps the event objects that it is given. */
export function openMemoryLog({ duplicateWindow = 1_000_000 }: MemoryLogOptions = {}): EventLog {
  const events: Event[] = [];
  const ids = new Set<string>(); // in the order in which they were given
  const oldestIds = ids.values(); // follows the set: each step gives the oldest id that is still in it
  let closed = false;

  function open<T>(answer: () => T): T {
    if (closed) throw new LogUnavailableError('the event log is closed');
    return answer();
  }

  function admit(event: Event): Position | null {
    const id =
      event.kind === 'interaction' && event.id !== undefined ? JSON.stringify([event.userId, event.id]) : undefined;
    if (id !== undefined) {
      if (ids.has(id)) return null;
      ids.add(id);
      if (ids.size > duplicateWindow) ids.delete(oldestIds.next().value!);
    }
    return events.push(event);
  }

  return {
    append: async (added): Promise<Appended> =>
      open(() => {
        const positions = added.map(admit);
        return { position: events.length, positions };
      }),
    read: async (after, limit) =>
      open(() => events.slice(after, after + limit).map((event, i) => ({ position: after + i + 1, event }))),
    get: async (positions) => open(() => positions.map((position) => events[position - 1] ?? null)),
    last: () => open(() => events.length),
    pseudonymise: async (userId, pseudonym, { upTo, ...erasure }) =>
      open(() => {
        const rewrite = pseudonymiser({ userId, pseudonym, ...erasure });
        let rewritten = 0;
        for (let i = 0; i < Math.min(upTo, events.length); i++) {
          const event = rewrite(events[i]!);
          if (event === null) continue;
          events[i] = event;
          rewritten++;
        }
        return rewritten;
      }),
    close: async () => {
      closed = true;
    },
  };
}
