/** Counts rejections by their code, and keeps the first of the file: there may be as many as rows. */
import { type Rejection, type RejectionCode } from './rejection.js';

export type ByCode<Value> = { readonly [code in RejectionCode]?: Value };

const FIRST_REJECTIONS = 100;
const FIRST_ROWS = 5;

export class RejectionTally {
  count = 0;
  private readonly counts: { [code in RejectionCode]?: number } = {};
  private readonly rows: { [code in RejectionCode]?: number[] } = {};
  private kept: Rejection[] = [];

  add(rejections: readonly Rejection[]): void {
    for (const { code, row } of rejections) {
      this.counts[code] = (this.counts[code] ?? 0) + 1;
      this.rows[code] = insertFirst(this.rows[code] ?? [], row);
    }
    this.count += rejections.length;
    this.kept = [...this.kept, ...rejections].sort((a, b) => a.row - b.row).slice(0, FIRST_REJECTIONS);
  }

  get reasons(): ByCode<number> {
    return { ...this.counts };
  }

  /** The lowest row numbers of each code, in order. */
  get firstRows(): ByCode<readonly number[]> {
    return { ...this.rows };
  }

  get first(): readonly Rejection[] {
    return this.kept;
  }
}

function insertFirst(rows: number[], row: number): number[] {
  if (rows.length === FIRST_ROWS && row > rows[FIRST_ROWS - 1]!) return rows;
  return [...rows, row].sort((a, b) => a - b).slice(0, FIRST_ROWS);
}
