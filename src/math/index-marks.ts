/**
 * A map from small dense indexes to numbers that is emptied in constant time: an entry counts only if its stamp is the
 * current one. Made once and used again for every query.
 */
import { grow } from './grow.js';

export class IndexMarks {
  private stamps = new Uint32Array(0);
  private values = new Float64Array(0);
  private stamp = 0;

  /** Empties the map and makes room for indexes below `count`. */
  reset(count: number): void {
    this.stamps = grow(this.stamps, count);
    this.values = grow(this.values, count);
    if (this.stamp === 0xffff_ffff) {
      this.stamps.fill(0);
      this.stamp = 0;
    }
    this.stamp++;
  }

  has(index: number): boolean {
    return this.stamps[index] === this.stamp;
  }

  /** The value, or `otherwise` where the index has none. */
  get(index: number, otherwise: number): number {
    return this.stamps[index] === this.stamp ? this.values[index]! : otherwise;
  }

  set(index: number, value: number): void {
    this.stamps[index] = this.stamp;
    this.values[index] = value;
  }
}
