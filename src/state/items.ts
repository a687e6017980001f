/**
 * The catalogue, as the log has declared it: an index for every item that an event named, what it is, and when it was
 * born and last clicked. An attribute's type is declared by its first value, for good: an event that brings a value of another
 * type changes nothing, so that whoever appended it can tell from the types alone whether it took effect.
 */
import { typeProblem } from '../events/attribute-rules.js';
import { type AttributeType, attributeType, isReservedName } from '../events/attribute-type.js';
import { type Attributes, type ItemEvent } from '../events/event.js';
import { grow } from '../math/grow.js';
import { type SectionReader, type SectionWriter } from './sections.js';

const NO_ATTRIBUTES: Attributes = {};

export class Items {
  private readonly ids: string[] = [];
  private readonly indexOf = new Map<string, number>();
  private readonly attributes: Attributes[] = [];
  private readonly types = new Map<string, AttributeType>();
  /** Item indexes, oldest first by time of birth, ties by index. */
  private byBirth = new Int32Array(0);
  private unavailable = new Uint8Array(0);
  private publishedAt = new Float64Array(0);
  private firstSeenAt = new Float64Array(0);
  private lastClickAt = new Float64Array(0);
  private clicks = new Int32Array(0);
  private impressions = new Int32Array(0);

  get count(): number {
    return this.ids.length;
  }

  /** Index of the item, or -1 for one that no event has named. */
  find(itemId: string): number {
    return this.indexOf.get(itemId) ?? -1;
  }

  id(item: number): string {
    return this.ids[item]!;
  }

  attributesOf(item: number): Attributes {
    return this.attributes[item]!;
  }

  isAvailable(item: number): boolean {
    return this.unavailable[item] === 0;
  }

  /** When it was published, as declared; null where nobody said. */
  published(item: number): number | null {
    const at = this.publishedAt[item]!;
    return Number.isNaN(at) ? null : at;
  }

  firstSeen(item: number): number {
    return this.firstSeenAt[item]!;
  }

  /** When it was published or, where nobody said, first seen. */
  bornAt(item: number): number {
    const published = this.publishedAt[item]!;
    return Number.isNaN(published) ? this.firstSeenAt[item]! : published;
  }

  /** Time of the last click, or null. */
  lastClick(item: number): number | null {
    const at = this.lastClickAt[item]!;
    return at === 0 ? null : at;
  }

  clickCount(item: number): number {
    return this.clicks[item]!;
  }

  impressionCount(item: number): number {
    return this.impressions[item]!;
  }

  /** The youngest items that the predicate keeps, at most `count`, youngest first, ties by index. */
  youngest(count: number, keeps: (item: number) => boolean): Int32Array {
    const { byBirth } = this;
    const found: number[] = [];
    // Items born at the same moment stand by index, so each such run is read forwards.
    for (let end = this.ids.length; end > 0 && found.length < count;) {
      const start = this.startOfRun(end);
      for (let at = start; at < end && found.length < count; at++) if (keeps(byBirth[at]!)) found.push(byBirth[at]!);
      end = start;
    }
    return Int32Array.from(found);
  }

  /** Declared type of an attribute, or null. */
  declaredType(name: string): AttributeType | null {
    return this.types.get(name) ?? null;
  }

  get declaredTypes(): ReadonlyMap<string, AttributeType> {
    return this.types;
  }

  /** For the fold: the item's index; one that is new is available and was first seen at this time. */
  activate(itemId: string, at: number): number {
    const known = this.indexOf.get(itemId);
    return known ?? this.enter(itemId, at);
  }

  upsert(event: ItemEvent): void {
    if (typeProblem(event.attributes, (name) => this.declaredType(name)) !== null) return;
    const item = this.activate(event.itemId, event.at);
    if (event.available !== undefined) this.unavailable[item] = event.available ? 0 : 1;
    if (event.publishedAt !== undefined && event.publishedAt !== this.publishedAt[item]) {
      this.removeBirth(item);
      this.publishedAt[item] = event.publishedAt;
      this.insertBirth(item, this.ids.length - 1);
    }
    if (event.attributes !== undefined) this.setAttributes(item, event.attributes);
  }

  countClick(item: number, at: number): void {
    this.clicks[item]!++;
    if (at > this.lastClickAt[item]!) this.lastClickAt[item] = at;
  }

  takeBackClick(item: number): void {
    this.clicks[item]!--;
  }

  countImpression(item: number): void {
    this.impressions[item]!++;
  }

  private setAttributes(item: number, given: Attributes): void {
    const merged: { [name: string]: Attributes[string] } = { ...this.attributes[item] };
    for (const [name, value] of Object.entries(given)) {
      if (isReservedName(name)) continue;
      const type = attributeType(value);
      if (type !== null && !this.types.has(name)) this.types.set(name, type);
      if (value === null) delete merged[name];
      else merged[name] = value;
    }
    this.attributes[item] = merged;
  }

  private enter(itemId: string, at: number): number {
    const item = this.ids.length;
    this.ids.push(itemId);
    this.indexOf.set(itemId, item);
    this.attributes.push(NO_ATTRIBUTES);
    this.reserve(item + 1);
    this.firstSeenAt[item] = at;
    this.insertBirth(item, item);
    return item;
  }

  private reserve(count: number): void {
    this.byBirth = grow(this.byBirth, count);
    this.unavailable = grow(this.unavailable, count);
    this.publishedAt = grow(this.publishedAt, count, NaN);
    this.firstSeenAt = grow(this.firstSeenAt, count);
    this.lastClickAt = grow(this.lastClickAt, count);
    this.clicks = grow(this.clicks, count);
    this.impressions = grow(this.impressions, count);
  }

  /** Puts the item into the order by birth, which holds `length` others. */
  private insertBirth(item: number, length: number): void {
    const place = this.birthPlace(item, length);
    this.byBirth.copyWithin(place + 1, place, length);
    this.byBirth[place] = item;
  }

  private removeBirth(item: number): void {
    const place = this.birthPlace(item, this.ids.length);
    this.byBirth.copyWithin(place, place + 1, this.ids.length);
  }

  /** Where the run of items begins that were born together with the one before `end`. */
  private startOfRun(end: number): number {
    const born = this.bornAt(this.byBirth[end - 1]!);
    if (end === 1 || this.bornAt(this.byBirth[end - 2]!) !== born) return end - 1;
    return this.placeBefore(born, -1, end);
  }

  private birthPlace(item: number, length: number): number {
    return this.placeBefore(this.bornAt(item), item, length);
  }

  /** How many of the first `length` come before an item of this index born at this time. */
  private placeBefore(born: number, item: number, length: number): number {
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.byBirth[middle]!;
      const otherBorn = this.bornAt(other);
      if (otherBorn < born || (otherBorn === born && other < item)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  save(out: SectionWriter): void {
    const { length } = this.ids;
    out.json('items.ids', this.ids);
    out.json('items.attributes', this.attributes);
    out.json('items.types', [...this.types]);
    out.array('items.byBirth', this.byBirth.subarray(0, length));
    out.array('items.unavailable', this.unavailable.subarray(0, length));
    out.array('items.publishedAt', this.publishedAt.subarray(0, length));
    out.array('items.firstSeenAt', this.firstSeenAt.subarray(0, length));
    out.array('items.lastClickAt', this.lastClickAt.subarray(0, length));
    out.array('items.clicks', this.clicks.subarray(0, length));
    out.array('items.impressions', this.impressions.subarray(0, length));
  }

  load(from: SectionReader): void {
    for (const id of from.json<string[]>('items.ids')) {
      this.indexOf.set(id, this.ids.length);
      this.ids.push(id);
    }
    for (const attributes of from.json<Attributes[]>('items.attributes')) this.attributes.push(attributes);
    for (const [name, type] of from.json<[string, AttributeType][]>('items.types')) this.types.set(name, type);
    this.byBirth = from.array('items.byBirth');
    this.unavailable = from.array('items.unavailable');
    this.publishedAt = from.array('items.publishedAt');
    this.firstSeenAt = from.array('items.firstSeenAt');
    this.lastClickAt = from.array('items.lastClickAt');
    this.clicks = from.array('items.clicks');
    this.impressions = from.array('items.impressions');
  }
}
