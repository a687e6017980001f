/** The part of a source that happened before a moment: what a training as of that moment may know. */
import { type EventSource } from '../events/event-source.js';

/** Interactions, and whatever else the log holds, with a time before `until` (ms). */
export function eventsBefore(source: EventSource, until: number): EventSource {
  return {
    fingerprint: `${source.fingerprint} before ${until}`,
    async *read(after) {
      for await (const entries of source.read(after)) {
        const before = entries.filter(({ event }) => event.at < until);
        if (before.length > 0) yield before;
      }
    },
  };
}
