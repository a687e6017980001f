/**
 * What each user did, oldest first: at most a bounded number of interactions, ordered by their own time (late events find
 * their place). Impressions are not kept here: they are counted at the item.
 */
import { INTERACTION_TYPES, type InteractionType } from '../events/event.js';
import { RowPool } from './row-pool.js';
import { type SectionReader, type SectionWriter } from './sections.js';

/** One interaction as state keeps it; the rest of the event stands in the log at its position. */
export interface HistoryEntry {
  readonly item: number;
  readonly at: number;
  /** Index in INTERACTION_TYPES. */
  readonly type: number;
  /** How much it added to the counters; 0 where the same reader had been counted at this item before. */
  readonly counted: number;
  /** Equal for the interactions of one session, unique for a user. */
  readonly session: number;
  /** Index in the session's order: 0 for its first interaction. */
  readonly place: number;
  readonly context: number;
  readonly position: number;
  /** 1 where it makes pairs with its neighbours (`pairs.ts`): the first that counted of its reader and item within the window. */
  readonly pairs: number;
}
const COLUMNS = ['item', 'at', 'type', 'counted', 'session', 'place', 'context', 'position', 'pairs'] as const;

type Columns = [
  Int32Array,
  Float64Array,
  Uint8Array,
  Float64Array,
  Float64Array,
  Uint16Array,
  Int32Array,
  Float64Array,
  Uint8Array,
];

/**
 * A user's interactions as columns, oldest first. Views into state: valid until the next event is applied. A column is
 * cut out when it is asked for, so a loop takes it once, before it begins.
 */
export interface History {
  readonly length: number;
  readonly item: Int32Array;
  readonly at: Float64Array;
  readonly type: Uint8Array;
  readonly counted: Float64Array;
  readonly session: Float64Array;
  readonly place: Uint16Array;
  readonly context: Int32Array;
  readonly position: Float64Array;
  readonly pairs: Uint8Array;
}

export const IMPRESSION = INTERACTION_TYPES.indexOf('IMPRESSION');
export const DISLIKE = INTERACTION_TYPES.indexOf('DISLIKE');

/** Types are stored as numbers; this is the way back. */
export function interactionType(type: number): InteractionType {
  return INTERACTION_TYPES[type]!;
}

class HistoryView implements History {
  constructor(
    private readonly columns: Columns,
    private readonly start: number,
    readonly length: number,
  ) {}

  get item(): Int32Array {
    return this.columns[0].subarray(this.start, this.start + this.length);
  }

  get at(): Float64Array {
    return this.columns[1].subarray(this.start, this.start + this.length);
  }

  get type(): Uint8Array {
    return this.columns[2].subarray(this.start, this.start + this.length);
  }

  get counted(): Float64Array {
    return this.columns[3].subarray(this.start, this.start + this.length);
  }

  get session(): Float64Array {
    return this.columns[4].subarray(this.start, this.start + this.length);
  }

  get place(): Uint16Array {
    return this.columns[5].subarray(this.start, this.start + this.length);
  }

  get context(): Int32Array {
    return this.columns[6].subarray(this.start, this.start + this.length);
  }

  get position(): Float64Array {
    return this.columns[7].subarray(this.start, this.start + this.length);
  }

  get pairs(): Uint8Array {
    return this.columns[8].subarray(this.start, this.start + this.length);
  }
}

export class Histories {
  private readonly rows = new RowPool<Columns>('histories', [
    new Int32Array(0),
    new Float64Array(0),
    new Uint8Array(0),
    new Float64Array(0),
    new Float64Array(0),
    new Uint16Array(0),
    new Int32Array(0),
    new Float64Array(0),
    new Uint8Array(0),
  ]);

  constructor(private readonly bound: number) {}

  of(user: number): History {
    return new HistoryView(this.rows.columns, this.rows.start(user), this.rows.length(user));
  }

  /** Adds an entry at the place of its time and returns its offset, or -1 where it is older than all a full history keeps. */
  add(user: number, entry: HistoryEntry): number {
    let offset = this.rows.length(user);
    const times = this.rows.columns[1];
    const start = this.rows.start(user);
    while (offset > 0 && times[start + offset - 1]! > entry.at) offset--;
    if (this.rows.length(user) >= this.bound) {
      if (offset === 0) return -1;
      this.rows.remove(user, 0);
      offset--;
    }
    const place = this.rows.insert(user, offset);
    COLUMNS.forEach((name, index) => (this.rows.columns[index]![place] = entry[name]));
    return offset;
  }

  remove(user: number, offset: number): void {
    this.rows.remove(user, offset);
  }

  clear(user: number): void {
    this.rows.clear(user);
  }

  get bytes(): number {
    return this.rows.bytes;
  }

  save(out: SectionWriter): void {
    this.rows.save(out);
  }

  load(from: SectionReader): void {
    this.rows.load(from);
  }
}

/** A copy that later events don't change. */
export function copyHistory(history: History): History {
  const { length } = history;
  const copies = COLUMNS.map((name) => [name, history[name].slice()]);
  return { length, ...Object.fromEntries(copies) } as History;
}

/** One entry of a history as a record. */
export function entryAt(history: History, offset: number): HistoryEntry {
  return {
    item: history.item[offset]!,
    at: history.at[offset]!,
    type: history.type[offset]!,
    counted: history.counted[offset]!,
    session: history.session[offset]!,
    place: history.place[offset]!,
    context: history.context[offset]!,
    position: history.position[offset]!,
    pairs: history.pairs[offset]!,
  };
}

/** A history of its own out of entries, oldest first: what a spilled user or a session is read as. */
export function historyOf(entries: readonly HistoryEntry[]): History {
  return {
    length: entries.length,
    item: Int32Array.from(entries, (entry) => entry.item),
    at: Float64Array.from(entries, (entry) => entry.at),
    type: Uint8Array.from(entries, (entry) => entry.type),
    counted: Float64Array.from(entries, (entry) => entry.counted),
    session: Float64Array.from(entries, (entry) => entry.session),
    place: Uint16Array.from(entries, (entry) => entry.place),
    context: Int32Array.from(entries, (entry) => entry.context),
    position: Float64Array.from(entries, (entry) => entry.position),
    pairs: Uint8Array.from(entries, (entry) => entry.pairs),
  };
}
