/**
 * Raw scores by the kernel of `kernels/trees.ts`, compiled to WebAssembly by the build: this file lays the ensemble out in the
 * kernel's memory and hands the rows over in portions. Scores are those of `addPlainScores` to the bit.
 */
import { KernelMemory } from './kernel-memory.js';
import { loadKernel } from './load-kernel.js';
import { RankColumns } from './rank-columns.js';
import { treeBlocks } from './scorer-layout.js';
import { type FeatureMatrix, type TreeEnsemble } from './tree-ensemble.js';

const FLOAT = 4;
const LANES = 16;
/** Rows of a portion: what is ranked stays in cache until its last block. */
const PORTION = 512;
/** Bits of 16 rows take 16 times as much: what a first-level cache holds, roughly. More blocks gather fewer splits. */
const BLOCK_BYTES = 4096;

/** The exports of `kernels/trees.ts`. */
interface Exports {
  openScorer(bits: number, scratch: number): void;
  rankColumn(
    ...call: [
      values: number,
      rows: number,
      table: number,
      half: number,
      missingRank: number,
      largestZero: number,
      ranks: number,
    ]
  ): void;
  scoreBlock(
    ...call: [
      columns: number,
      columnsEnd: number,
      trees: number,
      treesEnd: number,
      bytes: number,
      rows: number,
      ranks: number,
      scores: number,
    ]
  ): void;
}

interface PlacedColumn {
  readonly slot: number;
  readonly table: number;
  readonly half: number;
  readonly missingRank: number;
  readonly largestZero: number;
}

interface PlacedBlock {
  readonly columns: number;
  readonly columnsEnd: number;
  readonly trees: number;
  readonly treesEnd: number;
  readonly bytes: number;
}

export class CompiledScorer {
  private readonly exports: Exports;
  private readonly columns: readonly PlacedColumn[];
  private readonly blocks: readonly PlacedBlock[];
  /** Features in use: only these are handed over. */
  private readonly features: readonly number[];
  private readonly values: Float32Array;
  private readonly scores: Float64Array;
  private readonly ranks: number;

  /** The ensemble must be whole (`checkEnsemble`) and one that `isLayable` takes: pointers are unchecked. */
  constructor(ensemble: TreeEnsemble, blockBytes = BLOCK_BYTES) {
    const columns = new RankColumns(ensemble);
    const blocks = treeBlocks(ensemble, columns, blockBytes);
    const memory = new KernelMemory();
    this.features = [...new Set(columns.all.map(({ feature }) => feature))];
    this.columns = columns.all.map(({ feature, thresholds, missingRank, largestZero }) => {
      const table = new Float32Array(2 ** Math.ceil(Math.log2(thresholds.length + 1))).fill(Infinity);
      table.set(thresholds);
      const slot = this.features.indexOf(feature);
      return { slot, table: memory.place(table), half: (table.length / 2) * FLOAT, missingRank, largestZero };
    });
    this.blocks = blocks.map((block) => {
      const records: number[] = [];
      const runs: number[] = [];
      const masks: number[] = [];
      for (const column of block.columns) {
        const [run, mask] = [runs.length, masks.length];
        for (const [place, of] of column.runs) {
          runs.push(place | (of.length << 8));
          for (const { byte, clear } of of) masks.push(clear | (byte << 8));
        }
        records.push(column.column * PORTION, run, runs.length, mask);
      }
      const [runsAt, masksAt] = [memory.place(Uint32Array.from(runs)), memory.place(Uint32Array.from(masks))];
      for (let at = 0; at < records.length; at += 4) {
        records[at + 1] = runsAt + records[at + 1]! * 4;
        records[at + 2] = runsAt + records[at + 2]! * 4;
        records[at + 3] = masksAt + records[at + 3]! * 4;
      }
      const at = memory.place(Uint32Array.from(records));
      const trees = block.trees.flatMap(({ bytes, leafValues }) => [bytes, memory.place(leafValues)]);
      const treesAt = memory.place(Uint32Array.from(trees));
      return {
        columns: at,
        columnsEnd: at + records.length * 4,
        trees: treesAt,
        treesEnd: treesAt + trees.length * 4,
        bytes: block.bytes,
      };
    });
    const largest = Math.max(0, ...blocks.map(({ bytes }) => bytes));
    const bits = memory.reserve(largest * LANES);
    const scratch = memory.reserve(LANES);
    this.ranks = memory.reserve(columns.all.length * PORTION);
    const values = memory.reserve(this.features.length * PORTION * FLOAT);
    const scores = memory.reserve(PORTION * Float64Array.BYTES_PER_ELEMENT);
    const storage = memory.allocate();
    this.values = new Float32Array(storage.buffer, values, this.features.length * PORTION);
    this.scores = new Float64Array(storage.buffer, scores, PORTION);
    this.exports = loadKernel('trees', storage) as Exports;
    this.exports.openScorer(bits, scratch);
  }

  /** Adds to scores[row] what the trees say of each row. */
  addScores({ rows, values }: FeatureMatrix, scores: Float64Array): void {
    for (let from = 0; from < rows; from += PORTION) {
      const to = Math.min(from + PORTION, rows);
      this.features.forEach((feature, slot) => {
        this.values.set(values.subarray(feature * rows + from, feature * rows + to), slot * PORTION);
      });
      this.scores.set(scores.subarray(from, to));
      this.addPortion(to - from);
      scores.set(this.scores.subarray(0, to - from), from);
    }
  }

  private addPortion(rows: number): void {
    const { exports, ranks, values, scores } = this;
    this.columns.forEach(({ slot, table, half, missingRank, largestZero }, column) => {
      const at = values.byteOffset + slot * PORTION * FLOAT;
      exports.rankColumn(at, rows, table, half, missingRank, largestZero, ranks + column * PORTION);
    });
    for (const { columns, columnsEnd, trees, treesEnd, bytes } of this.blocks) {
      exports.scoreBlock(columns, columnsEnd, trees, treesEnd, bytes, rows, ranks, scores.byteOffset);
    }
  }
}
