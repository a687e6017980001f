/**
 * The demo world laid out in time. Ranges are [from, to) in milliseconds; laid end to end, ranges give everything
 * exactly once, in the order in which one range over all of them gives it.
 */
import { type Event } from '../../events/event.js';
import { type Catalogue } from './catalogue.js';
import { HOUR_MS, MINUTE_MS, minuteOf } from './clock.js';
import { interactionEvents, itemEvent, profileEvent } from './events.js';
import { type Reader } from './readers.js';
import { remember } from './remember.js';
import { SESSION_MINUTES, type Click } from './sessions.js';
import { type Visit } from './visits.js';

export interface Timeline {
  /** The visits that start in the range, in order of time. */
  visits(fromMs: number, toMs: number): readonly Visit[];
  /** The clicks in the range, in order of time, those of visits that started before it included. */
  clicks(fromMs: number, toMs: number): readonly Click[];
  /** The events in the range, in order of time, in batches of some hours each, none of them empty. */
  events(fromMs: number, toMs: number): Generator<readonly Event[], void, undefined>;
}

export interface TimelineOptions {
  readonly startsAt: number;
  readonly readers: readonly Reader[];
  readonly catalogue: Catalogue;
  readonly visitsOfMinute: (minute: number) => readonly Visit[];
  readonly clicksOf: (visit: Visit) => readonly Click[];
}

const BATCH_MS = 6 * HOUR_MS;

/** The timeline of a world; nothing happens before `startsAt`. */
export function createTimeline(options: TimelineOptions): Timeline {
  const { startsAt, readers, catalogue, visitsOfMinute, clicksOf } = options;
  // Live runs ask for one second after the other; each looks back over the minutes whose sessions may still go on.
  const clicksOfMinute = remember(2 * SESSION_MINUTES, (minute) => visitsOfMinute(minute).flatMap(clicksOf));

  function minutes(fromMs: number, toMs: number): number[] {
    const first = minuteOf(Math.max(startsAt, fromMs));
    return Array.from({ length: Math.max(0, minuteOf(toMs - 1) - first + 1) }, (_, place) => first + place);
  }

  /** Clicks of all sessions that may have something to say in the range, by minute and number of their visits. */
  function clicksAround(fromMs: number, toMs: number): Click[] {
    return minutes(fromMs - SESSION_MINUTES * MINUTE_MS, toMs).flatMap(clicksOfMinute);
  }

  function eventsOfBatch(fromMs: number, toMs: number): readonly Event[] {
    const first = fromMs <= startsAt ? 0 : catalogue.publishedBy(fromMs - 1);
    const articles = Array.from({ length: catalogue.publishedBy(toMs - 1) - first }, (_, place) => first + place);
    return [
      ...(fromMs <= startsAt ? readers.map((reader) => profileEvent(reader, startsAt)) : []),
      ...articles.map((index) => itemEvent(catalogue.article(index), startsAt)),
      ...clicksAround(fromMs, toMs).flatMap(interactionEvents),
    ]
      .filter(({ at }) => fromMs <= at && at < toMs)
      .sort((one, other) => one.at - other.at);
  }

  return {
    visits: (fromMs, toMs) =>
      minutes(fromMs, toMs)
        .flatMap(visitsOfMinute)
        .filter((visit) => fromMs <= visit.startsAt && visit.startsAt < toMs)
        .sort((one, other) => one.startsAt - other.startsAt),
    clicks: (fromMs, toMs) =>
      clicksAround(fromMs, toMs)
        .filter(({ at }) => fromMs <= at && at < toMs)
        .sort((one, other) => one.at - other.at),
    *events(fromMs, toMs) {
      for (let at = Math.max(fromMs, startsAt); at < toMs; at += BATCH_MS) {
        const batch = eventsOfBatch(at, Math.min(at + BATCH_MS, toMs));
        if (batch.length > 0) yield batch;
      }
    },
  };
}
