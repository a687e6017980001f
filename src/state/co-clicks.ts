/**
 * What is clicked after and together with an item, decayed at several half-lives; the last of them may be endless. For items clicked in one session,
 * *next* counts a -> b where b follows a at once; *co* counts both directions of every pair within reach, by how near.
 * Each item keeps a bounded number of partners; a new one takes the place of the weakest.
 */
import { grow } from '../math/grow.js';
import { logAdd, logStamp, logSubtract, logValue } from '../math/log-domain.js';
import { RowPool } from './row-pool.js';
import { type SectionReader, type SectionWriter } from './sections.js';
import { type StateSettings } from './state-settings.js';

/** A pair counts less backwards (what was read before the item) than forwards. */
const BACKWARD_WEIGHT = 0.3;

/** One direction of a pair. */
interface Pair {
  readonly weight: number;
  readonly isNext: boolean;
  readonly at: number;
  readonly takeBack: boolean;
}

export class CoClicks {
  readonly halfLivesMs: readonly number[];
  private readonly bound: number;
  /** Columns: the partner, then its co-click sums, then its next-click sums, one a half-life. */
  private readonly rows: RowPool<[Int32Array, ...Float64Array[]]>;
  /** Log-domain sums of all that was counted at an item: co, then next, one a half-life. */
  private totals = new Float64Array(0);

  constructor(settings: StateSettings) {
    this.halfLivesMs = settings.coClickHalfLivesMs;
    this.bound = settings.bounds.coClicks;
    const sums = this.halfLivesMs.flatMap(() => [new Float64Array(0), new Float64Array(0)]);
    this.rows = new RowPool('coClicks', [new Int32Array(0), ...sums]);
  }

  /** Counts that `later` was clicked `distance` (1 or more) clicks after `earlier` in one session, or takes that back. */
  count(earlier: number, later: number, distance: number, at: number, takeBack: boolean): void {
    this.add(earlier, later, { weight: 1 / distance, isNext: distance === 1, at, takeBack });
    this.add(later, earlier, { weight: BACKWARD_WEIGHT / distance, isNext: false, at, takeBack });
  }

  /** Where the partners of the item stand in `partners` and `sums`. */
  row(item: number): { start: number; length: number } {
    return { start: this.rows.start(item), length: this.rows.length(item) };
  }

  get partners(): Int32Array {
    return this.rows.columns[0];
  }

  /** The log-domain co-click sums at this half-life, to be read with `coTotal`. */
  coSums(half: number): Float64Array {
    return this.rows.columns[1 + half] as Float64Array;
  }

  /** The log-domain next-click sums at this half-life, to be read with `nextTotal`. */
  nextSums(half: number): Float64Array {
    return this.rows.columns[1 + this.halfLivesMs.length + half] as Float64Array;
  }

  /** Log-domain sum of all co-clicks counted at the item. */
  coTotal(item: number, half: number): number {
    return this.total(item, half);
  }

  /** Log-domain sum of all next clicks counted at the item. */
  nextTotal(item: number, half: number): number {
    return this.total(item, this.halfLivesMs.length + half);
  }

  /** How many decayed clicks a log-domain total stands for, as of `now`. */
  evidence(total: number, half: number, now: number): number {
    return logValue(total, now, this.halfLivesMs[half]!);
  }

  get bytes(): number {
    return this.rows.bytes + this.totals.byteLength;
  }

  private total(item: number, column: number): number {
    const at = item * this.halfLivesMs.length * 2 + column;
    return at < this.totals.length ? this.totals[at]! : -Infinity;
  }

  private add(item: number, partner: number, { weight, isNext, at, takeBack }: Pair): void {
    const halves = this.halfLivesMs.length;
    this.totals = grow(this.totals, (item + 1) * halves * 2, -Infinity);
    const found = this.place(item, partner);
    if (found === -1 && takeBack) return;
    const place = found === -1 ? this.enter(item, partner) : found;
    const combine = takeBack ? logSubtract : logAdd;
    for (let half = 0; half < halves; half++) {
      const stamp = logStamp(weight, at, this.halfLivesMs[half]!);
      this.combine(item, place, half, stamp, combine);
      if (isNext) this.combine(item, place, halves + half, stamp, combine);
    }
  }

  private combine(item: number, place: number, column: number, stamp: number, combine: typeof logAdd): void {
    const sums = this.rows.columns[1 + column] as Float64Array;
    const total = item * this.halfLivesMs.length * 2 + column;
    sums[place] = combine(sums[place]!, stamp);
    this.totals[total] = combine(this.totals[total]!, stamp);
  }

  private place(item: number, partner: number): number {
    const partners = this.rows.columns[0];
    const start = this.rows.start(item);
    const end = start + this.rows.length(item);
    for (let place = start; place < end; place++) if (partners[place] === partner) return place;
    return -1;
  }

  /** A place for a new partner with empty sums: at the end of the row, or the weakest one's. */
  private enter(item: number, partner: number): number {
    const length = this.rows.length(item);
    const place = length < this.bound ? this.rows.insert(item, length) : this.weakest(item);
    this.rows.columns.forEach((column, index) => (column[place] = index === 0 ? partner : -Infinity));
    return place;
  }

  private weakest(item: number): number {
    const sums = this.coSums((this.halfLivesMs.length - 1) >> 1);
    const { start, length } = this.row(item);
    let weakest = start;
    for (let place = start + 1; place < start + length; place++) if (sums[place]! < sums[weakest]!) weakest = place;
    return weakest;
  }

  save(out: SectionWriter): void {
    this.rows.save(out);
    out.array('coClicks.totals', this.totals.subarray(0, this.totals.length - trailingEmpty(this.totals)));
  }

  load(from: SectionReader): void {
    this.rows.load(from);
    this.totals = from.array('coClicks.totals');
  }
}

/** How many empty sums the array ends with: they depend on how it grew. */
function trailingEmpty(totals: Float64Array): number {
  let count = 0;
  while (count < totals.length && totals[totals.length - 1 - count] === -Infinity) count++;
  return count;
}
