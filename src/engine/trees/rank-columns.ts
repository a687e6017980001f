/**
 * Values as ranks among the thresholds that they are compared with: a value's rank is the number of thresholds below it, so it
 * is above the threshold at a place exactly where its rank is above that place. A table holds at most 255 thresholds of one
 * feature, so that a rank is a byte; a feature with more has several, and where they lie elsewhere a value ranks first or last.
 * A column is a table under one way of treating what is missing, which takes a rank of its own: first goes left, last right.
 */
import { floorFloat32 } from '../../math/floor-float32.js';
import { LARGEST_ZERO } from './find-leaf.js';
import { DEFAULT_LEFT, MISSING_NONE, MISSING_SHIFT, MISSING_ZERO, type TreeEnsemble } from './tree-ensemble.js';

const MOST_THRESHOLDS = 255;

export interface RankTable {
  readonly feature: number;
  /** Ascending, float32. */
  readonly thresholds: Float32Array;
}

export interface RankColumn {
  readonly table: number;
  readonly missingRank: number;
  /** Values of at most this size are missing, as NaN is; -1 where none is. */
  readonly largestZero: number;
}

interface FeatureUse {
  readonly thresholds: Set<number>;
  /** Decisions, as far as they say what to do with what is missing. */
  readonly ways: Set<number>;
}

export class RankColumns {
  readonly tables: RankTable[] = [];
  readonly columns: RankColumn[] = [];
  /** By feature: the place of each threshold among all of them, and the first column of each way. */
  private readonly places = new Map<number, ReadonlyMap<number, number>>();
  private readonly firstColumns = new Map<number, ReadonlyMap<number, number>>();

  constructor(ensemble: TreeEnsemble) {
    for (const [feature, { thresholds, ways }] of [...usesOf(ensemble)].sort(([a], [b]) => a - b)) {
      const sorted = Float32Array.from(thresholds).sort();
      this.places.set(feature, new Map(Array.from(sorted, (value, place) => [value, place])));
      const firstTable = this.tables.length;
      for (let from = 0; from < sorted.length; from += MOST_THRESHOLDS) {
        this.tables.push({ feature, thresholds: sorted.slice(from, from + MOST_THRESHOLDS) });
      }
      this.firstColumns.set(feature, new Map(Array.from(ways, (way) => [way, this.addColumns(way, firstTable)])));
    }
  }

  /** The column of a split and the place of its threshold there. */
  find(feature: number, decision: number, threshold: number): { column: number; place: number } {
    const place = this.places.get(feature)!.get(floorFloat32(threshold))!;
    const first = this.firstColumns.get(feature)!.get(wayOf(decision))!;
    return { column: first + Math.floor(place / MOST_THRESHOLDS), place: place % MOST_THRESHOLDS };
  }

  // The tables from the first one on under one way; returns the first column.
  private addColumns(way: number, firstTable: number): number {
    const first = this.columns.length;
    const missing = way >> MISSING_SHIFT;
    for (let table = firstTable; table < this.tables.length; table++) {
      const belowZero = this.tables[table]!.thresholds.filter((threshold) => threshold < 0).length;
      const byDefault = (way & DEFAULT_LEFT) !== 0 ? 0 : MOST_THRESHOLDS;
      this.columns.push({
        table,
        // Where nothing is missing NaN is read as 0.
        missingRank: missing === MISSING_NONE ? belowZero : byDefault,
        largestZero: missing === MISSING_ZERO ? LARGEST_ZERO : -1,
      });
    }
    return first;
  }
}

function usesOf({ trees }: TreeEnsemble): Map<number, FeatureUse> {
  const uses = new Map<number, FeatureUse>();
  for (const { feature, decision, threshold } of trees) {
    for (let split = 0; split < feature.length; split++) {
      if (!uses.has(feature[split]!)) uses.set(feature[split]!, { thresholds: new Set(), ways: new Set() });
      const { thresholds, ways } = uses.get(feature[split]!)!;
      thresholds.add(floorFloat32(threshold[split]!));
      ways.add(wayOf(decision[split]!));
    }
  }
  return uses;
}

function wayOf(decision: number): number {
  return decision >> MISSING_SHIFT === MISSING_NONE ? 0 : decision;
}
