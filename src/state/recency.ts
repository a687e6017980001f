/** Who was active least recently: a doubly linked list in two flat arrays, every move in constant time. */
import { grow } from '../math/grow.js';
import { type SectionReader, type SectionWriter } from './sections.js';

const NONE = -1;

export class Recency {
  private before = new Int32Array(0);
  private after = new Int32Array(0);
  private first = NONE;
  private last = NONE;

  /** The one that was touched longest ago, or -1. */
  get oldest(): number {
    return this.first;
  }

  /** Those that were touched last, the last one first. */
  newest(count: number): number[] {
    const found: number[] = [];
    for (let index = this.last; index !== NONE && found.length < count; index = this.before[index]!) found.push(index);
    return found;
  }

  touch(index: number): void {
    if (this.last === index) return;
    this.before = grow(this.before, index + 1, NONE);
    this.after = grow(this.after, index + 1, NONE);
    this.remove(index);
    this.before[index] = this.last;
    if (this.last === NONE) this.first = index;
    else this.after[this.last] = index;
    this.last = index;
  }

  remove(index: number): void {
    const before = this.before[index]!;
    const after = this.after[index]!;
    if (before === NONE && this.first !== index) return;
    if (before === NONE) this.first = after;
    else this.after[before] = after;
    if (after === NONE) this.last = before;
    else this.before[after] = before;
    this.before[index] = NONE;
    this.after[index] = NONE;
  }

  save(out: SectionWriter): void {
    const order: number[] = [];
    for (let index = this.first; index !== NONE; index = this.after[index]!) order.push(index);
    out.array('recency', Int32Array.from(order));
  }

  load(from: SectionReader): void {
    for (const index of from.array<Int32Array>('recency')) this.touch(index);
  }
}
