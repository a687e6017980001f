/**
 * Item factors of an iALS fit, ready to serve: a user's vector is folded in from the live history by the trainer's own row
 * solver, so a new click counts at once. Items born since the fit have no vector: this model neither retrieves nor scores
 * them (0), and the live sources speak for them until the next fit.
 */
import { AlsRowSolver, CONVERGED, ridgeOf, type RidgeSettings } from '../../math/als-row.js';
import { type History } from '../../state/histories.js';
import { type Items } from '../../state/items.js';
import { forEachWeight, type WeightRule } from './history-weights.js';

export interface AlsParts {
  /** Ids of the items, in the order of their rows. */
  readonly itemIds: readonly string[];
  /** rows x width. */
  readonly factors: Float32Array;
  /** Unobserved weight times Y^T Y, width x width. */
  readonly gram: Float32Array;
  readonly width: number;
  readonly ridge: RidgeSettings;
  readonly weights: WeightRule;
}

const NO_ROW = -1;

/** Rows of the model and indexes of one catalogue, laid side by side. */
class Alignment {
  private rows = new Int32Array(0);
  private count = 0;
  /** Index in the catalogue of each row, or -1. */
  readonly itemOf: Int32Array;

  constructor(
    private readonly rowOf: ReadonlyMap<string, number>,
    rows: number,
  ) {
    this.itemOf = new Int32Array(rows).fill(NO_ROW);
  }

  /** Takes in what the catalogue has gained. */
  extend(items: Items): this {
    if (this.count === items.count) return this;
    if (this.rows.length < items.count) {
      const rows = new Int32Array(Math.ceil(items.count * 1.25)).fill(NO_ROW);
      rows.set(this.rows.subarray(0, this.count));
      this.rows = rows;
    }
    for (; this.count < items.count; this.count++) {
      const row = this.rowOf.get(items.id(this.count));
      if (row === undefined) continue;
      this.rows[this.count] = row;
      this.itemOf[row] = this.count;
    }
    return this;
  }

  row(item: number): number {
    return this.rows[item]!;
  }
}

export class AlsModel {
  private readonly rowOf: ReadonlyMap<string, number>;
  private readonly alignments = new WeakMap<Items, Alignment>();
  private readonly solver: AlsRowSolver;
  private readonly all: Float32Array;

  constructor(readonly parts: AlsParts) {
    this.rowOf = new Map(parts.itemIds.map((id, row) => [id, row]));
    this.solver = new AlsRowSolver({ factors: parts.factors, gram: parts.gram, width: parts.width });
    this.all = new Float32Array(parts.itemIds.length);
  }

  /** The user's vector, or null where the history holds nothing that the model knows. */
  foldIn(history: History, items: Items): Float32Array | null {
    const { weights, width, ridge, itemIds } = this.parts;
    const alignment = this.align(items);
    const byRow = new Map<number, number>();
    forEachWeight(history, weights, (item, weight) => {
      const row = alignment.row(item);
      if (row !== NO_ROW) byRow.set(row, (byRow.get(row) ?? 0) + weight);
    });
    if (byRow.size === 0) return null;
    const entries = [...byRow].sort(([a], [b]) => a - b);
    const vector = new Float32Array(width);
    const row = {
      indexes: Int32Array.from(entries, ([index]) => index),
      weights: Float32Array.from(entries, ([, weight]) => weight),
      from: 0,
      to: entries.length,
      ridge: ridgeOf(entries.length, itemIds.length, ridge),
    };
    this.solver.solve(vector, row, CONVERGED);
    return vector;
  }

  /** dot(vector, item) for every row; valid until the next call. */
  scores(vector: Float32Array): Float32Array {
    const { factors, width } = this.parts;
    const { all } = this;
    for (let row = 0; row < all.length; row++) {
      const base = row * width;
      let even = 0;
      let odd = 0;
      for (let at = 0; at < width; at += 2) {
        even += vector[at]! * factors[base + at]!;
        odd += vector[at + 1]! * factors[base + at + 1]!;
      }
      all[row] = even + odd;
    }
    return all;
  }

  /** Index in the catalogue of each row, -1 for one that it does not hold. */
  itemsOf(items: Items): Int32Array {
    return this.align(items).itemOf;
  }

  /** The row of an item, or -1. */
  rowOfItem(item: number, items: Items): number {
    return this.align(items).row(item);
  }

  private align(items: Items): Alignment {
    let alignment = this.alignments.get(items);
    if (alignment === undefined) {
      alignment = new Alignment(this.rowOf, this.parts.itemIds.length);
      this.alignments.set(items, alignment);
    }
    return alignment.extend(items);
  }
}
