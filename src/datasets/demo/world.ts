/**
 * The demo world: a small news site, 2,000 readers, a hundred articles a day, for as long as anybody asks. It is a pure
 * function of (seed, startsAt, time): any stretch of time can be made again, alone, after any restart, and is the same.
 * Its truth is known: `probabilities` are what its clicks are drawn from.
 */
import { type Context } from '../../events/event.js';
import { createAttendance } from './attendance.js';
import { createAuthors, type Author } from './authors.js';
import { createCatalogue, type Catalogue } from './catalogue.js';
import { MINUTE_MS } from './clock.js';
import { identify } from './identify.js';
import { createReaders, type Reader } from './readers.js';
import { createRegions, type Region } from './regions.js';
import { clicksOf } from './sessions.js';
import { createTimeline, type Timeline } from './timeline.js';
import { createTruth, type Visitor } from './truth.js';
import { visitsOfMinute } from './visits.js';

export interface WorldOptions {
  /** A whole number; another seed is another world. */
  readonly seed: number;
  /** The world's first minute, in milliseconds: a multiple of a minute. Nothing happens before it. */
  readonly startsAt: number;
}

export interface World extends WorldOptions, Catalogue, Timeline {
  readonly readers: readonly Reader[];
  readonly regions: readonly Region[];
  readonly authors: readonly Author[];
  /** Who has this user id, in this context; works for every id and never fails. */
  visitor(userId: string, context?: Context): Visitor;
  /**
   * For every article published by then, by index, the exact probability that a click of this visitor at this time,
   * after these clicks of the session (oldest first), is on it. Sums to 1. Ids the world doesn't know are passed over.
   */
  probabilities(visitor: Visitor, atMs: number, previousArticleIds: readonly string[]): Float64Array;
}

const VISITS_PER_DAY = 1800;

/** The world of this seed. Cheap: everything but the readers is made when it is asked for. */
export function createWorld({ seed, startsAt }: WorldOptions): World {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`the seed of a world is a whole number, not ${seed}`);
  if (startsAt % MINUTE_MS !== 0) throw new RangeError(`a world starts at a whole minute, not at ${startsAt} ms`);
  const regions = createRegions(seed);
  const authors = createAuthors(seed);
  const readers = createReaders(seed, regions);
  const attendance = createAttendance(readers, VISITS_PER_DAY);
  const catalogue = createCatalogue({ seed, regions, authors }, startsAt);
  const odds = createTruth(catalogue);
  const timeline = createTimeline({
    startsAt,
    readers,
    catalogue,
    visitsOfMinute: (minute) => visitsOfMinute({ seed, regions, attendance }, minute),
    clicksOf: (visit) => clicksOf({ seed, catalogue, odds }, visit),
  });
  return {
    seed,
    startsAt,
    regions,
    authors,
    readers,
    ...catalogue,
    ...timeline,
    visitor: (userId, context) => identify({ seed, regions, readers }, userId, context),
    probabilities: (visitor, atMs, previousArticleIds) => {
      const previous = previousArticleIds.flatMap((id) => catalogue.indexOf(id) ?? []);
      const { first, weights, total } = odds({ visitor, atMs, previous });
      const probabilities = new Float64Array(catalogue.publishedBy(atMs));
      for (let place = 0; place < weights.length; place += 1) probabilities[first + place] = weights[place]! / total;
      return probabilities;
    },
  };
}
