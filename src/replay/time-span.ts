/** From when to when a source's interactions are: by their own times, wherever they stand in it. */
import { type EventSource, readUntil } from '../events/event-source.js';

export interface TimeSpan {
  /** Time of the first, ms. */
  readonly from: number;
  /** Behind the last: the first moment that is later than all. */
  readonly until: number;
}

/** One pass over the events, those before `until` only; null where there is no interaction. */
export async function timeSpan(source: EventSource, until = Infinity): Promise<TimeSpan | null> {
  let first = Infinity;
  let last = -Infinity;
  for await (const entries of readUntil(source, until)) {
    for (const { event } of entries) {
      if (event.kind !== 'interaction' || event.at >= until) continue;
      if (event.at < first) first = event.at;
      if (event.at > last) last = event.at;
    }
  }
  return last === -Infinity ? null : { from: first, until: last + 1 };
}
