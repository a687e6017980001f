/**
 * The truth of the demo world: what a visitor clicks next is drawn from exactly these odds. The weight of an article is
 * its pull at that minute x the visitor's liking for its kind x what the click before it leads to.
 */
import { type Context } from '../../events/event.js';
import { type Random } from '../../math/random.js';
import { type Catalogue } from './catalogue.js';
import { MINUTE_MS, minuteOf } from './clock.js';
import { likingOf } from './liking.js';
import { pullsAt, REFERRERS, type Door } from './pulls.js';
import { remember } from './remember.js';
import { shelfUpTo, type Shelf } from './shelf.js';
import { ARTICLES_PER_DAY } from './threads.js';

/** A person on a visit: the context decides device, region and referrer; taste and subscription are the person's own. */
export interface Visitor {
  readonly userId: string;
  readonly context: Context;
  /** Over SECTIONS, summing to 1. */
  readonly taste: Float64Array;
  readonly subscriber: boolean;
}

/** The moment of a click: who, when, and the indexes of the session's articles before it, oldest first. */
export interface Moment {
  readonly visitor: Visitor;
  readonly atMs: number;
  readonly previous: readonly number[];
}

/**
 * Weights of the articles from index `first` on, and their sum; the weights of all others are 0. Valid until the next
 * odds are asked for: the array is used again.
 */
export interface Odds {
  readonly first: number;
  readonly weights: Float64Array;
  readonly total: number;
}

const SAME_THREAD = 14;
const SAME_SECTION = 2;
const SAME_AUTHOR = 1.6;
/** More than the longest session, so that sessions running side by side share their minutes. */
const MINUTES_KEPT = 128;
const SHELVES_KEPT = 4;

/** The odds of the next click at any moment of this catalogue's world. */
export function createTruth(catalogue: Catalogue): (moment: Moment) => Odds {
  const shelf = remember(SHELVES_KEPT, (end) => shelfUpTo(catalogue, end));
  const pulls = remember(MINUTES_KEPT, (minute) => {
    // Articles published within the minute can be clicked from the next one on.
    const published = catalogue.publishedBy(minute * MINUTE_MS);
    const today = shelf(Math.ceil(published / ARTICLES_PER_DAY) * ARTICLES_PER_DAY);
    return pullsAt(today, minute, published - today.first);
  });
  const liking = rememberLast(likingOfVisitor);
  // A fresh array a click would cost a third of the time it takes to make the world.
  let weights = new Float64Array(0);
  return ({ visitor, atMs, previous }) => {
    const { shelf, through } = pulls(minuteOf(atMs));
    const { first, kind } = shelf;
    const pull = through(previous.length === 0 ? referrerOf(visitor.context) : 'page before');
    const likings = liking(visitor);
    if (weights.length !== pull.length) weights = new Float64Array(pull.length);
    for (let place = 0; place < weights.length; place += 1) weights[place] = pull[place]! * likings[kind[place]!]!;
    leadOn(weights, shelf, (previous.at(-1) ?? -1) - first);
    // Nobody clicks the same article twice in a session.
    for (const index of previous) if (index >= first) weights[index - first] = 0;
    let total = 0;
    for (let place = 0; place < weights.length; place += 1) total += weights[place]!;
    return { first, weights, total };
  };
}

/** The index of an article, drawn by the odds. */
export function drawFrom(random: Random, { first, weights, total }: Odds): number {
  let left = random.next() * total;
  let drawn = 0;
  for (let place = 0; place < weights.length; place += 1) {
    if (weights[place] === 0) continue;
    // Rounding can leave a crumb after the last weight above 0, which then takes it.
    drawn = place;
    left -= weights[place]!;
    if (left < 0) break;
  }
  return first + drawn;
}

/** Makes articles likelier for having just read the one at this place, which may have left the shelf. */
function leadOn(weights: Float64Array, { thread, section, author }: Shelf, last: number): void {
  if (last < 0) return;
  const lastThread = thread[last];
  const lastSection = section[last];
  const lastAuthor = author[last];
  for (let place = 0; place < weights.length; place += 1) {
    if (section[place] === lastSection) weights[place]! *= SAME_SECTION;
    if (author[place] === lastAuthor) weights[place]! *= SAME_AUTHOR;
    if (thread[place] === lastThread) weights[place]! *= SAME_THREAD;
  }
}

/** A referrer unknown to this world, or none, is someone who typed the address. */
function referrerOf({ referrer }: Context): Door {
  return REFERRERS.find((known) => known === referrer) ?? 'direct';
}

function likingOfVisitor({ taste, context, subscriber }: Visitor): Float64Array {
  return likingOf({ taste, device: context.device, region: context.region, subscriber });
}

/** A session asks for the same visitor again and again. */
function rememberLast<K, V>(compute: (key: K) => V): (key: K) => V {
  let last: { readonly key: K; readonly value: V } | undefined;
  return (key) => {
    if (last?.key !== key) last = { key, value: compute(key) };
    return last.value;
  };
}
