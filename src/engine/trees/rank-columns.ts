/**
 * Values as ranks among the thresholds that they are compared with. A column is one feature under one way of treating what is
 * missing, for which a value needs ranking once for all trees. It holds at most 255 thresholds, so that a rank is a byte: a
 * feature with more has several columns, and in those that lie elsewhere a value ranks first or last.
 */
import { floorFloat32 } from '../../math/floor-float32.js';
import { LARGEST_ZERO } from './find-leaf.js';
import { DEFAULT_LEFT, MISSING_NONE, MISSING_SHIFT, MISSING_ZERO, type TreeEnsemble } from './tree-ensemble.js';

const MOST_THRESHOLDS = 255;

export interface RankColumn {
  readonly feature: number;
  /** Ascending float32; a row whose rank, the number of those below its value, is above a threshold's place goes right. */
  readonly thresholds: Float32Array;
  readonly missingRank: number;
  /** Values of at most this size are missing, as NaN is; -1 where none is. */
  readonly largestZero: number;
}

export class RankColumns {
  readonly all: RankColumn[] = [];
  private readonly first = new Map<number, number>();
  private readonly places = new Map<number, Map<number, number>>();

  constructor({ trees }: TreeEnsemble) {
    const thresholds = new Map<number, Set<number>>();
    for (const { feature, decision, threshold } of trees) {
      for (let split = 0; split < feature.length; split++) {
        const kind = kindOf(feature[split]!, decision[split]!);
        if (!thresholds.has(kind)) thresholds.set(kind, new Set());
        thresholds.get(kind)!.add(floorFloat32(threshold[split]!));
      }
    }
    for (const [kind, values] of [...thresholds].sort(([a], [b]) => a - b))
      this.add(kind, Float32Array.from(values).sort());
  }

  /** The column of a split and the place of its threshold there. */
  find(feature: number, decision: number, threshold: number): { column: number; place: number } {
    const kind = kindOf(feature, decision);
    const place = this.places.get(kind)!.get(floorFloat32(threshold))!;
    return {
      column: this.first.get(kind)! + Math.floor(place / MOST_THRESHOLDS),
      place: place % MOST_THRESHOLDS,
    };
  }

  private add(kind: number, sorted: Float32Array): void {
    this.first.set(kind, this.all.length);
    this.places.set(kind, new Map(Array.from(sorted, (value, place) => [value, place])));
    const decision = kind & 0xff;
    const missing = decision >> MISSING_SHIFT;
    for (let from = 0; from < sorted.length; from += MOST_THRESHOLDS) {
      const thresholds = sorted.slice(from, from + MOST_THRESHOLDS);
      const defaultRank = (decision & DEFAULT_LEFT) !== 0 ? 0 : MOST_THRESHOLDS;
      this.all.push({
        feature: kind >> 8,
        thresholds,
        // Where nothing is missing NaN is read as 0.
        missingRank: missing === MISSING_NONE ? thresholds.filter((value) => value < 0).length : defaultRank,
        largestZero: missing === MISSING_ZERO ? LARGEST_ZERO : -1,
      });
    }
  }
}

// A feature's number and, in the last byte, the part of its decisions that tells what to do with what is missing.
function kindOf(feature: number, decision: number): number {
  return (feature << 8) | (decision >> MISSING_SHIFT === MISSING_NONE ? 0 : decision);
}
