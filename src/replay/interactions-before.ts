/**
 * A source without the interactions of a moment and later, however early they stand in the log; one of before stays, however
 * late it was written down, for a time is the event's own. What the log says of the catalogue, of profiles, merges and erasures
 * stays: it is as of when it was written down, and an erasure holds for all time.
 */
import { type EventSource, readUntil } from '../events/event-source.js';

export function interactionsBefore(source: EventSource, until: number): EventSource {
  return {
    fingerprint: `${source.fingerprint} before ${until}`,
    markOf: (position) => source.markOf(position),
    inTimeOrder: source.inTimeOrder,
    async *read(after) {
      for await (const entries of readUntil(source, until, after)) {
        const before = entries.filter(({ event }) => event.kind !== 'interaction' || event.at < until);
        if (before.length > 0) yield before;
      }
    },
  };
}
