/**
 * How strongly each article pulls at a given minute, whoever reads: its burst as it rises and decays, seen through the
 * door by which the reader comes: the visit's referrer on its first click, the page before on the later ones.
 */
import { DAYS_BEFORE, type Shelf } from './shelf.js';

export const REFERRERS = ['search', 'social', 'direct', 'newsletter'] as const;
export type Referrer = (typeof REFERRERS)[number];
export type Door = Referrer | 'page before';

/** Pulls are parallel to the columns of the shelf, and end with the last article that is out. */
export interface Pulls {
  readonly shelf: Shelf;
  through(door: Door): Float64Array;
}

/** An article's pull from its place on the shelf, its burst, and its age in minutes. */
type Pull = (shelf: Shelf, place: number, burst: number, age: number) => number;

/** Nothing is left of an article when it leaves the shelf. */
const LASTING_MINUTES = DAYS_BEFORE * 24 * 60;
const FRONT_PAGE_MINUTES = 6 * 60;
const FRONT_PAGE_FACTOR = 5;
const NEWSLETTER_MINUTES = 18 * 60;

const DOORS: Readonly<Record<Door, Pull>> = {
  // Those who search want what lasts.
  search: (shelf, place, burst, age) => lastingAt(shelf, place, age) + 0.3 * burst,
  // Feeds carry what bursts.
  social: (_shelf, _place, burst) => burst * Math.sqrt(burst),
  // The front page is the editors' choice of the last hours.
  direct: (shelf, place, burst, age) =>
    shelf.onFrontPage[place] === 1 && age < FRONT_PAGE_MINUTES ? FRONT_PAGE_FACTOR * burst : burst,
  // The newsletter sends its readers to a few pieces for most of a day.
  newsletter: (shelf, place, burst, age) =>
    shelf.inNewsletter[place] === 1 ? burst + 8 * Math.max(0, 1 - age / NEWSLETTER_MINUTES) : burst,
  'page before': (shelf, place, burst, age) => burst + 0.05 * lastingAt(shelf, place, age),
};

/** The pulls at the start of a minute, counted from 1970, of the first `count` articles of that day's shelf. */
export function pullsAt(shelf: Shelf, minute: number, count: number): Pulls {
  const bursts = burstsAt(shelf, minute, count);
  const known = new Map<Door, Float64Array>();
  return {
    shelf,
    through: (door) => {
      let pulls = known.get(door);
      if (pulls === undefined) {
        const pull = DOORS[door];
        pulls = new Float64Array(count);
        for (let place = 0; place < count; place += 1) {
          pulls[place] = pull(shelf, place, bursts[place]!, minute - shelf.publishedMinute[place]!);
        }
        known.set(door, pulls);
      }
      return pulls;
    },
  };
}

/** Height of each burst: 0 at publication, up within minutes, then halved every half-life. */
function burstsAt({ publishedMinute, appeal, rise, decay }: Shelf, minute: number, count: number): Float64Array {
  const bursts = new Float64Array(count);
  const { exp } = Math;
  for (let place = 0; place < count; place += 1) {
    const age = minute - publishedMinute[place]!;
    // appeal x (1 - e^(-age x rise)) x e^(-age x decay); past 40 the bracket is 1 in doubles.
    const risen = age * rise[place]! > 40 ? 1 : 1 - exp(-age * rise[place]!);
    bursts[place] = appeal[place]! * risen * exp(-age * decay[place]!);
  }
  return bursts;
}

/** What is left of an article's lasting worth. */
function lastingAt(shelf: Shelf, place: number, age: number): number {
  return age < LASTING_MINUTES ? shelf.lasting[place]! * (1 - age / LASTING_MINUTES) : 0;
}
