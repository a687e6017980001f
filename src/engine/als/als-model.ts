/**
 * Item factors of an iALS fit, ready to serve: a user's vector is folded in from the live history by the trainer's own row
 * solver, so a new click counts at once. Items born since the fit have no vector: this model neither retrieves nor scores
 * them (0), and the live sources speak for them until the next fit.
 */
import { AlsRowSolver, CONVERGED, ridgeOf, type RidgeSettings } from '../../math/als-row.js';
import { grow } from '../../math/grow.js';
import { type History } from '../../state/histories.js';
import { type Items } from '../../state/items.js';
import { forEachWeight, type WeightRule } from './history-weights.js';
import { RowTable } from './row-table.js';

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

/** Rows of the model and indexes of one catalogue, laid side by side; in steps, for a catalogue can be large. */
class Alignment {
  /** Row of each item of the catalogue, or -1; there may be room behind them. */
  rowOf = new Int32Array(0);
  private rowsDone = 0;
  private itemsDone: number;
  /** Rows of items that the catalogue does not hold yet. */
  private awaited: RowTable | null = null;
  /** Index in the catalogue of each row, or -1. */
  readonly itemOf: Int32Array;

  constructor(
    private readonly ids: readonly string[],
    items: Items,
  ) {
    this.itemOf = new Int32Array(ids.length).fill(NO_ROW);
    // The pass over the rows finds what the catalogue holds by then; what comes later is looked up as it comes.
    this.itemsDone = items.count;
  }

  /** Takes in at most `most` rows and items that came since; says whether nothing is left. */
  advance(items: Items, most: number): boolean {
    const { ids } = this;
    if (this.rowsDone === ids.length && this.itemsDone === items.count) return true;
    this.rowOf = grow(this.rowOf, items.count, NO_ROW);
    let left = most;
    for (; this.rowsDone < ids.length && left > 0; this.rowsDone++, left--) {
      const item = items.find(ids[this.rowsDone]!);
      if (item === -1) (this.awaited ??= new RowTable(ids)).add(this.rowsDone);
      else this.pair(item, this.rowsDone);
    }
    if (this.rowsDone < ids.length) return false;
    for (; this.itemsDone < items.count && left > 0; this.itemsDone++, left--) {
      const row = this.awaited?.find(items.id(this.itemsDone)) ?? NO_ROW;
      if (row !== NO_ROW) this.pair(this.itemsDone, row);
    }
    return this.itemsDone === items.count;
  }

  private pair(item: number, row: number): void {
    this.rowOf[item] = row;
    this.itemOf[row] = item;
  }
}

export class AlsModel {
  private readonly alignments = new WeakMap<Items, Alignment>();
  private readonly solver: AlsRowSolver;
  private readonly all: Float32Array;
  /** Root mean square of the lengths of the items' vectors. */
  readonly usualLength: number;
  /** The last history that was folded in: several stages of one list ask for the same one. */
  private folded: { readonly history: History; readonly vector: Float32Array | null } | null = null;

  constructor(readonly parts: AlsParts) {
    this.solver = new AlsRowSolver({ factors: parts.factors, gram: parts.gram, width: parts.width });
    this.all = new Float32Array(parts.itemIds.length);
    this.usualLength = usualLength(parts);
  }

  /** The user's vector, or null where the history holds nothing that the model knows. */
  foldIn(history: History, items: Items): Float32Array | null {
    if (this.folded?.history !== history) this.folded = { history, vector: this.solveFor(history, items) };
    return this.folded.vector;
  }

  /** Dot product of the vector and the item's, and the length of that; null for an item born since the fit. */
  affinity(vector: Float32Array, item: number, items: Items): { readonly dot: number; readonly length: number } | null {
    const { factors, width } = this.parts;
    const row = this.alignedWith(items).rowOf[item]!;
    if (row === NO_ROW) return null;
    let dot = 0;
    let square = 0;
    for (let at = 0; at < width; at++) {
      const factor = factors[row * width + at]!;
      dot += vector[at]! * factor;
      square += factor * factor;
    }
    return { dot, length: Math.sqrt(square) };
  }

  private solveFor(history: History, items: Items): Float32Array | null {
    const { weights, width, ridge, itemIds } = this.parts;
    const { rowOf } = this.alignedWith(items);
    const byRow = new Map<number, number>();
    forEachWeight(history, weights, (item, weight) => {
      const row = rowOf[item]!;
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

  /** dot(vector, item) for every row; the caller's until the next call. */
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

  /** Rows of the model and indexes of the catalogue beside each other, -1 where the other side has none. */
  alignedWith(items: Items): Pick<Alignment, 'itemOf' | 'rowOf'> {
    const alignment = this.alignmentWith(items);
    alignment.advance(items, Infinity);
    return alignment;
  }

  /**
   * Lays at most `most` rows or items beside the catalogue and says whether all are: a large model is warmed up in such
   * steps, or its first query does it all.
   */
  alignSome(items: Items, most: number): boolean {
    return this.alignmentWith(items).advance(items, most);
  }

  private alignmentWith(items: Items): Alignment {
    let alignment = this.alignments.get(items);
    if (alignment === undefined) {
      alignment = new Alignment(this.parts.itemIds, items);
      this.alignments.set(items, alignment);
    }
    return alignment;
  }
}

/** Out of the trace of the Gram matrix, which is the unobserved weight times the sum of all squares. */
function usualLength({ gram, width, itemIds, ridge: { unobservedWeight } }: AlsParts): number {
  let trace = 0;
  for (let at = 0; at < width; at++) trace += gram[at * (width + 1)]!;
  return Math.sqrt(trace / (unobservedWeight * itemIds.length));
}
