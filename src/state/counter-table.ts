/**
 * Decayed counts of items within one value of one scope, at every half-life, with a ready list of the best items at
 * each. A count only ever rises at the item that was clicked, so a list changes only there, by a few steps up. Holds at most `bound` items; when it is full, the weaker half goes.
 */
import { logAdd, logSubtract, logValue } from '../math/log-domain.js';
import { topK } from '../math/top-k.js';
import { type SectionReader, type SectionWriter } from './sections.js';

const SMALLEST_ROOM = 8;
const ABSENT = -1;

export interface CounterShape {
  readonly halfLivesMs: readonly number[];
  /** Items at most. */
  readonly bound: number;
  /** Length of a ready list at most. */
  readonly list: number;
}

export class CounterTable {
  private size = 0;
  private items = new Int32Array(SMALLEST_ROOM);
  /** Log-domain counts: slot-major, one a half-life. */
  private values: Float64Array;
  private places = new Int32Array(SMALLEST_ROOM * 2).fill(ABSENT);
  private readonly totals: Float64Array;
  /** Ready lists, one after the other by half-life: slots, best first, and their counts beside them. */
  private readonly listSlots: Int32Array;
  private readonly listValues: Float64Array;
  private readonly listed: Int32Array;

  constructor(private readonly shape: CounterShape) {
    const { length } = shape.halfLivesMs;
    this.values = new Float64Array(SMALLEST_ROOM * length);
    this.totals = new Float64Array(length).fill(-Infinity);
    this.listed = new Int32Array(length);
    this.listSlots = new Int32Array(shape.list * length);
    this.listValues = new Float64Array(shape.list * length);
  }

  /** Counts the item once; `stamps`: what this is worth at each half-life, of which the table takes as many as it has. */
  add(item: number, stamps: Float64Array): void {
    const slot = this.slotFor(item);
    const { totals, values } = this;
    const { length } = totals;
    const base = slot * length;
    for (let half = 0; half < length; half++) {
      const stamp = stamps[half]!;
      const before = values[base + half]!;
      const after = logAdd(before, stamp);
      values[base + half] = after;
      totals[half] = logAdd(totals[half]!, stamp);
      this.rise(half, slot, before, after);
    }
  }

  /** Takes back an addition of the same item and stamps; a rare event, so the lists are simply made anew. */
  subtract(item: number, stamps: Float64Array): void {
    const slot = this.places[this.find(item)]!;
    const { length } = this.totals;
    for (let half = 0; half < length; half++) {
      const stamp = stamps[half]!;
      this.totals[half] = logSubtract(this.totals[half]!, stamp);
      if (slot === ABSENT) continue;
      const place = slot * length + half;
      this.values[place] = logSubtract(this.values[place]!, stamp);
    }
    if (slot !== ABSENT) this.rebuildLists();
  }

  /** The item's part of all clicks at this half-life, 0 to 1; does not depend on the time. */
  share(item: number, half: number): number {
    const slot = this.places[this.find(item)]!;
    if (slot === ABSENT) return 0;
    const total = this.totals[half]!;
    return total === -Infinity ? 0 : Math.exp(this.values[slot * this.shape.halfLivesMs.length + half]! - total);
  }

  /** Log-domain sum of all clicks at this half-life. */
  logTotal(half: number): number {
    return this.totals[half]!;
  }

  /**
   * Ln of each item's clicks, less the denominator of the half-life, in one column a half-life; `least` where that is
   * less, and where the item was never clicked.
   */
  logShares(items: Int32Array, denominators: Float64Array, least: number, columns: readonly Float32Array[]): void {
    const width = this.totals.length;
    const halves = denominators.length;
    for (let row = 0; row < items.length; row++) {
      const slot = this.places[this.find(items[row]!)]!;
      for (let half = 0; half < halves; half++) {
        const share = slot === ABSENT ? least : this.values[slot * width + half]! - denominators[half]!;
        columns[half]![row] = share > least ? share : least;
      }
    }
  }

  /** Decayed number of clicks that the shares at this half-life rest on, as of `now`. */
  evidence(half: number, now: number): number {
    return logValue(this.totals[half]!, now, this.shape.halfLivesMs[half]!);
  }

  /** The best items at this half-life, best first; ties by item index. At most `count`, at most the length of the list. */
  best(half: number, count: number): Int32Array {
    const length = Math.min(count, this.listed[half]!);
    const items = new Int32Array(length);
    const start = half * this.shape.list;
    for (let rank = 0; rank < length; rank++) items[rank] = this.items[this.listSlots[start + rank]!]!;
    return items;
  }

  get bytes(): number {
    const { items, values, places, listSlots, listValues } = this;
    return [items, values, places, listSlots, listValues].reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /**
   * Moves the slot up the ready list to where its new count belongs. A list holds the best there are, so where it stood, if it
   * did, its count before says.
   */
  private rise(half: number, slot: number, before: number, after: number): void {
    const { items, listSlots, listValues } = this;
    const { list } = this.shape;
    const start = half * list;
    const length = this.listed[half]!;
    const item = items[slot]!;
    const end = start + length;
    const isFull = length === list;
    if (isFull && after < listValues[end - 1]!) return;
    let place = this.placeIn(start, end, before, item);
    const isListed = place < end && listSlots[place] === slot;
    if (!isListed) {
      place = end;
      if (!isFull) this.listed[half] = length + 1;
      // The last one makes room, or is the better one.
      else if (!precedes(after, item, listValues[--place]!, items[listSlots[place]!]!)) return;
    }
    for (; place > start; place--) {
      const above = listValues[place - 1]!;
      // Equal counts are rare: only then is the item looked up.
      if (above > after || (above === after && items[listSlots[place - 1]!]! < item)) break;
      listSlots[place] = listSlots[place - 1]!;
      listValues[place] = above;
    }
    listSlots[place] = slot;
    listValues[place] = after;
  }

  /** Where in the ready list from `start` to `end` an entry of this count stands or would stand. */
  private placeIn(start: number, end: number, count: number, item: number): number {
    const { items, listSlots, listValues } = this;
    let low = start;
    let high = end;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = listValues[middle]!;
      const isAhead = other > count || (other === count && items[listSlots[middle]!]! < item);
      if (isAhead) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private slotFor(item: number): number {
    let place = this.find(item);
    if (this.places[place] !== ABSENT) return this.places[place]!;
    if (this.size === this.items.length) {
      if (this.size < this.shape.bound) this.resize(Math.min(this.size * 2, this.shape.bound));
      else this.dropWeaker();
      place = this.find(item);
    }
    const slot = this.size++;
    this.items[slot] = item;
    const width = this.shape.halfLivesMs.length;
    this.values.fill(-Infinity, slot * width, (slot + 1) * width);
    this.places[place] = slot;
    return slot;
  }

  private find(item: number): number {
    const mask = this.places.length - 1;
    const mixed = Math.imul(item, 0x9e3779b1);
    let place = (mixed ^ (mixed >>> 15)) & mask;
    for (;;) {
      const slot = this.places[place]!;
      if (slot === ABSENT || this.items[slot] === item) return place;
      place = (place + 1) & mask;
    }
  }

  private resize(room: number): void {
    const items = new Int32Array(room);
    const values = new Float64Array(room * this.shape.halfLivesMs.length);
    items.set(this.items.subarray(0, this.size));
    values.set(this.values.subarray(0, this.size * this.shape.halfLivesMs.length));
    this.items = items;
    this.values = values;
    this.rehash();
  }

  private rehash(): void {
    let places = 16;
    while (places < this.items.length * 2) places *= 2;
    this.places = new Int32Array(places).fill(ABSENT);
    for (let slot = 0; slot < this.size; slot++) this.places[this.find(this.items[slot]!)] = slot;
  }

  /** Keeps the stronger half by the middle half-life and everything that stands in a list. */
  private dropWeaker(): void {
    const { halfLivesMs } = this.shape;
    const width = halfLivesMs.length;
    const middle = width >> 1;
    const strength = Float64Array.from({ length: this.size }, (_, slot) => this.values[slot * width + middle]!);
    for (let half = 0; half < width; half++) {
      const start = half * this.shape.list;
      const listed = this.listSlots.subarray(start, start + this.listed[half]!);
      for (const slot of listed) strength[slot] = Number.MAX_VALUE;
    }
    const kept = topK(strength, this.size, this.size >> 1).sort();
    kept.forEach((slot, target) => {
      this.items[target] = this.items[slot]!;
      this.values.copyWithin(target * width, slot * width, (slot + 1) * width);
    });
    this.size = kept.length;
    this.rehash();
    this.rebuildLists();
  }

  private rebuildLists(): void {
    const width = this.shape.halfLivesMs.length;
    for (let half = 0; half < width; half++) {
      const byItem = Int32Array.from({ length: this.size }, (_, slot) => slot).sort(
        (a, b) => this.items[a]! - this.items[b]!,
      );
      const counts = Float64Array.from(byItem, (slot) => this.values[slot * width + half]!);
      const best = topK(counts, this.size, this.shape.list).filter((index) => counts[index]! > -Infinity);
      this.listed[half] = best.length;
      best.forEach((index, rank) => {
        const slot = byItem[index]!;
        this.listSlots[half * this.shape.list + rank] = slot;
        this.listValues[half * this.shape.list + rank] = counts[index]!;
      });
    }
  }

  save(name: string, out: SectionWriter): void {
    out.array(`${name}.items`, this.items.subarray(0, this.size));
    out.array(`${name}.values`, this.values.subarray(0, this.size * this.shape.halfLivesMs.length));
    out.array(`${name}.totals`, this.totals);
  }

  load(name: string, from: SectionReader): void {
    this.items = from.array(`${name}.items`);
    this.size = this.items.length;
    this.values = from.array(`${name}.values`);
    this.totals.set(from.array<Float64Array>(`${name}.totals`));
    let room = SMALLEST_ROOM;
    while (room < this.size) room = Math.min(room * 2, Math.max(this.shape.bound, this.size));
    this.resize(room);
    this.rebuildLists();
  }
}

/** The order of a ready list: descending counts, then ascending items. */
function precedes(count: number, item: number, otherCount: number, otherItem: number): boolean {
  return count > otherCount || (count === otherCount && item < otherItem);
}
