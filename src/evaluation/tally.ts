/** What an evaluation remembers of each judged query, as columns, and of the lists of each system, as sums. */
import { type LiveState } from '../state/live-state.js';
import { SOURCE_NAMES } from '../engine/stage-name.js';
import { type SystemList, systemName } from './systems.js';

export const SLICES = ['all', 'coldStart', 'warmStart', 'next'] as const;
export type SliceName = (typeof SLICES)[number];

const SOURCE_SYSTEMS: ReadonlySet<string> = new Set(SOURCE_NAMES.map(systemName));

export interface Judged {
  readonly userId: string;
  readonly slice: Exclude<SliceName, 'all'>;
  /** Rank of the clicked item in the list of each system, from 1; 0: not among the first k; null: not asked for a list. */
  readonly ranks: readonly (number | null)[];
  /** Whether it is one of the lists, chosen at random, for which every source was asked. */
  readonly isSampled: boolean;
  /** The same with each source taken out. */
  readonly ablated: readonly number[];
  readonly at: number;
  readonly historyLength: number;
  /** Of the clicked item, ms; null where the catalogue did not have it yet. */
  readonly itemAgeMs: number | null;
  readonly region: string | null;
}

/** How a system's lists look, whatever was clicked. */
export class ListTally {
  private readonly shown = new Set<number>();
  private listed = 0;
  private popularity = 0;
  private information = 0;

  /** @param clicks clicks counted so far in all */
  add(list: ArrayLike<number>, state: LiveState, clicks: number): void {
    for (let at = 0; at < list.length; at++) {
      const item = list[at]!;
      const count = state.items.clickCount(item);
      this.shown.add(item);
      this.listed++;
      this.popularity += count;
      this.information -= Math.log2((count + 1) / (clicks + 1));
    }
  }

  /** Part of the catalogue that was shown to anybody. */
  coverage(catalogue: number): number {
    return this.shown.size / Math.max(1, catalogue);
  }

  /** Clicks that the items shown had had by then, on average. */
  get meanPopularity(): number {
    return this.popularity / Math.max(1, this.listed);
  }

  /** Mean self-information of the items shown, bits: -log2 of their part of all clicks (Zhou et al. 2010). */
  get novelty(): number {
    return this.information / Math.max(1, this.listed);
  }
}

export class Tally {
  readonly judged: Judged[] = [];
  /** By slice, then by system: of all lists, and of the sampled ones. */
  private readonly all: SliceTallies;
  private readonly sampled: SliceTallies;
  /** Clicks on items that were not in the catalogue when the list was asked for: no list could hold them. */
  unborn = 0;

  constructor(readonly systems: readonly string[]) {
    this.all = emptyTallies(systems);
    this.sampled = emptyTallies(systems);
  }

  add(one: Judged, lists: readonly SystemList[], state: LiveState, clicks: number): void {
    this.judged.push(one);
    if (one.itemAgeMs === null) this.unborn++;
    for (const tallies of one.isSampled ? [this.all, this.sampled] : [this.all]) {
      for (const slice of ['all', one.slice] as const) {
        lists.forEach((list, system) => list !== null && tallies[slice][system]!.add(list, state, clicks));
      }
    }
  }

  rows(slice: SliceName): readonly Judged[] {
    return slice === 'all' ? this.judged : this.judged.filter((one) => one.slice === slice);
  }

  /** Whether the system was asked for every list. */
  isComplete(system: number): boolean {
    return this.judged.every(({ ranks }) => ranks[system] !== null);
  }

  /** Rows that the system is judged on: those that it was asked for; of one that is off for some, the sampled ones. */
  rowsOf(system: number, slice: SliceName): readonly Judged[] {
    const onSample = this.isOnSample(system);
    return this.rows(slice).filter(({ ranks, isSampled }) => ranks[system] !== null && (isSampled || !onSample));
  }

  /** How the lists that the system is judged on look. */
  lists(system: number, slice: SliceName): ListTally {
    return (this.isOnSample(system) ? this.sampled : this.all)[slice][system]!;
  }

  /** Whether the weights turn the source off for some lists, by what it would find in them: the rest is no fair sample. */
  private isOnSample(system: number): boolean {
    return SOURCE_SYSTEMS.has(this.systems[system]!) && !this.isComplete(system);
  }
}

type SliceTallies = Readonly<Record<SliceName, readonly ListTally[]>>;

function emptyTallies(systems: readonly string[]): SliceTallies {
  const make = (): ListTally[] => systems.map(() => new ListTally());
  return { all: make(), coldStart: make(), warmStart: make(), next: make() };
}
