/** The clicks of one visit, drawn from the truth. They follow from the visit alone. */
import { seededRandom } from '../../math/random.js';
import { type Article } from './articles.js';
import { type Catalogue } from './catalogue.js';
import { MINUTE_MS } from './clock.js';
import { STREAM } from './streams.js';
import { drawFrom, type Moment, type Odds } from './truth.js';
import { type Visit } from './visits.js';

export interface Click {
  readonly visit: Visit;
  /** Place in the session, counted from 0. */
  readonly place: number;
  readonly at: number;
  readonly article: Article;
  /** Indexes of the session's articles before it, oldest first. */
  readonly previous: readonly number[];
  /** When the reader liked it, or looked at it once more; undefined for most. */
  readonly likedAt: number | undefined;
  readonly viewedAt: number | undefined;
}

export interface Site {
  readonly seed: number;
  readonly catalogue: Catalogue;
  readonly odds: (moment: Moment) => Odds;
}

const MAX_CLICKS = 12;
/** Chance of another click after each; with the longest session cut off, three clicks a visit on average. */
const GO_ON = 0.672;
const MIN_GAP_MS = 20_000;
const MAX_GAP_MS = 300_000;
const LIKED_SHARE = 0.04;
const VIEWED_SHARE = 0.02;
/** Likes and views come before the earliest next click. */
const MAX_REACTION_MS = MIN_GAP_MS - 1;

/** No click, like or view lies this many minutes or more after the minute in which its visit starts. */
export const SESSION_MINUTES = 2 + Math.ceil(((MAX_CLICKS - 1) * MAX_GAP_MS + MAX_REACTION_MS) / MINUTE_MS);

/** The clicks of a visit in order of time; at least one. */
export function clicksOf({ seed, catalogue, odds }: Site, visit: Visit): readonly Click[] {
  const random = seededRandom(seed, STREAM.sessions, visit.minute, visit.number);
  const clicks: Click[] = [];
  const reactionTo = (at: number, share: number): number | undefined =>
    random.next() < share ? at + 5000 + random.below(MAX_REACTION_MS - 5000) : undefined;
  let at = visit.startsAt;
  do {
    const previous = clicks.map((click) => click.article.index);
    const article = catalogue.article(drawFrom(random, odds({ visitor: visit.visitor, atMs: at, previous })));
    const likedAt = reactionTo(at, LIKED_SHARE);
    const viewedAt = reactionTo(at, VIEWED_SHARE);
    clicks.push({ visit, place: clicks.length, at, article, previous, likedAt, viewedAt });
    at += MIN_GAP_MS + random.below(MAX_GAP_MS - MIN_GAP_MS);
  } while (clicks.length < MAX_CLICKS && random.next() < GO_ON);
  return clicks;
}
