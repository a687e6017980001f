/** The most recent readers of each item, oldest first, each once at the newest reading: who to ask what else people like this one read. */
import { RowPool } from './row-pool.js';
import { type SectionReader, type SectionWriter } from './sections.js';

export class Readers {
  private readonly rows = new RowPool('readers', [new Int32Array(0), new Float64Array(0)]);

  constructor(private readonly bound: number) {}

  /** Puts the user at the place of this time; of several readings of the same item by the same user the newest stands. */
  add(item: number, user: number, at: number): void {
    const known = this.find(item, user);
    if (known !== -1) {
      if (this.rows.columns[1][this.rows.start(item) + known]! > at) return;
      this.rows.remove(item, known);
    }
    const start = this.rows.start(item);
    let offset = this.rows.length(item);
    if (offset === this.bound) {
      if (at < this.rows.columns[1][start]!) return;
      this.rows.remove(item, 0);
      offset--;
    }
    const times = this.rows.columns[1];
    while (offset > 0 && times[start + offset - 1]! > at) offset--;
    const place = this.rows.insert(item, offset);
    this.rows.columns[0][place] = user;
    this.rows.columns[1][place] = at;
  }

  /** Removes the user from the item's readers; says whether it was one. */
  remove(item: number, user: number): boolean {
    const offset = this.find(item, user);
    if (offset !== -1) this.rows.remove(item, offset);
    return offset !== -1;
  }

  /** Another user takes over what this one read; where both read the item, the newest reading stands. */
  replace(item: number, user: number, instead: number): void {
    const offset = this.find(item, user);
    if (offset === -1) return;
    const at = this.rows.columns[1][this.rows.start(item) + offset]!;
    this.rows.remove(item, offset);
    this.add(item, instead, at);
  }

  /** When the user read the item, as far as its readers are kept; null for none of them. */
  timeOf(item: number, user: number): number | null {
    const at = this.of(item).lastIndexOf(user);
    return at === -1 ? null : this.rows.columns[1][this.rows.start(item) + at]!;
  }

  /** Users who read the item, the most recent last; a view, valid until the next event. A user may since have been forgotten. */
  of(item: number): Int32Array {
    const start = this.rows.start(item);
    return this.rows.columns[0].subarray(start, start + this.rows.length(item));
  }

  /** Offset of the user among the item's readers, or -1. */
  private find(item: number, user: number): number {
    const start = this.rows.start(item);
    const users = this.rows.columns[0];
    let offset = this.rows.length(item) - 1;
    while (offset >= 0 && users[start + offset] !== user) offset--;
    return offset;
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
