/** The most recent readers of each item, oldest first, each once: who to ask what else people like this one read. */
import { RowPool } from './row-pool.js';
import { type SectionReader, type SectionWriter } from './sections.js';

export class Readers {
  private readonly rows = new RowPool('readers', [new Int32Array(0), new Float64Array(0)]);

  constructor(private readonly bound: number) {}

  /** Puts the user at the place of this time; an earlier reading of the same item by the same user is replaced. */
  add(item: number, user: number, at: number): void {
    this.remove(item, user);
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
    const start = this.rows.start(item);
    const length = this.rows.length(item);
    const users = this.rows.columns[0];
    for (let offset = length - 1; offset >= 0; offset--) {
      if (users[start + offset] === user) {
        this.rows.remove(item, offset);
        return true;
      }
    }
    return false;
  }

  /** Users who read the item, the most recent last; a view, valid until the next event. A user may since have been forgotten. */
  of(item: number): Int32Array {
    const start = this.rows.start(item);
    return this.rows.columns[0].subarray(start, start + this.rows.length(item));
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
