/** Visits: who comes in a minute, and by which door. They follow from (seed, minute) alone. */
import { seededRandom } from '../../math/random.js';
import { type Attendance } from './attendance.js';
import { hourOf, MINUTE_MS } from './clock.js';
import { poisson, weightedIndex } from './draw.js';
import { REFERRERS } from './pulls.js';
import { drawPerson, type Person, type Reader } from './readers.js';
import { type Region } from './regions.js';
import { STREAM } from './streams.js';
import { type Visitor } from './truth.js';

export interface Visit {
  /** The minute, counted from 1970, in which it starts, and its number among the minute's visits, from 0. */
  readonly minute: number;
  readonly number: number;
  readonly startsAt: number;
  readonly sessionId: string;
  readonly visitor: Visitor;
}

export interface Audience {
  readonly seed: number;
  readonly regions: readonly Region[];
  readonly attendance: Attendance;
}

const NEWCOMER_SHARE = 0.05;
/** Newcomers' referrers, in the order of REFERRERS. */
const NEWCOMER_REFERRERS = [0.48, 0.42, 0.08, 0.02];

/** The visits that start in this minute, by number (not by time within the minute). */
export function visitsOfMinute({ seed, regions, attendance }: Audience, minute: number): readonly Visit[] {
  const hour = hourOf(minute);
  const count = poisson(seededRandom(seed, STREAM.attendance, minute), attendance.visitsPerMinute(hour));
  return Array.from({ length: count }, (_, number) => {
    const random = seededRandom(seed, STREAM.visits, minute, number);
    const startsAt = minute * MINUTE_MS + random.below(MINUTE_MS);
    const visitor =
      random.next() < NEWCOMER_SHARE
        ? visiting(newcomer(seed, regions, { minute, number }), weightedIndex(random, NEWCOMER_REFERRERS))
        : visitingReader(attendance.drawReader(random, hour), (shares) => weightedIndex(random, shares));
    return { minute, number, startsAt, sessionId: `session-${minute}-${number}`, visitor };
  });
}

/** The never-seen person who comes with this visit. */
export function newcomer(
  seed: number,
  regions: readonly Region[],
  { minute, number }: { readonly minute: number; readonly number: number },
): Person & { readonly id: string } {
  const person = drawPerson(seededRandom(seed, STREAM.newcomers, minute, number), regions);
  return { id: `visitor-${minute}-${number}`, ...person };
}

function visitingReader(reader: Reader, draw: (shares: Float64Array) => number): Visitor {
  return visiting(reader, draw(reader.referrers));
}

function visiting({ id, context, taste, subscriber }: Person & { readonly id: string }, referrer: number): Visitor {
  return { userId: id, context: { ...context, referrer: REFERRERS[referrer] }, taste, subscriber };
}
