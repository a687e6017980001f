/**
 * Numbered rows threaded into groups, each row in at most one: a doubly linked list a group in flat arrays, so that a row
 * joins as the newest and leaves from anywhere in constant time.
 */
import { NumberMap } from '../math/number-map.js';

const NONE = -1;

export class Chains {
  private readonly newestOf = new NumberMap(1024);
  private readonly olderThan: Int32Array;
  private readonly youngerThan: Int32Array;

  constructor(rows: number) {
    this.olderThan = new Int32Array(rows).fill(NONE);
    this.youngerThan = new Int32Array(rows).fill(NONE);
  }

  /** The row that joined the group last, or -1. */
  newest(group: number): number {
    return this.newestOf.get(group);
  }

  /** The row that joined the same group just before this one, or -1. */
  older(row: number): number {
    return this.olderThan[row]!;
  }

  join(group: number, row: number): void {
    const newest = this.newestOf.get(group);
    this.olderThan[row] = newest;
    if (newest !== NONE) this.youngerThan[newest] = row;
    this.newestOf.set(group, row);
  }

  leave(group: number, row: number): void {
    const older = this.olderThan[row]!;
    const younger = this.youngerThan[row]!;
    if (older !== NONE) this.youngerThan[older] = younger;
    if (younger !== NONE) this.olderThan[younger] = older;
    else if (older !== NONE) this.newestOf.set(group, older);
    else this.newestOf.delete(group);
    this.olderThan[row] = NONE;
    this.youngerThan[row] = NONE;
  }

  get bytes(): number {
    return this.olderThan.byteLength + this.youngerThan.byteLength + this.newestOf.size * 24;
  }
}
