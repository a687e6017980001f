/**
 * Raw scores by the kernel of `kernels/trees.ts`, compiled to WebAssembly by the build: this file lays the ensemble out in the
 * kernel's memory and hands the rows over in portions. Scores are those of `addPlainScores` to the bit.
 */
import { KernelMemory } from './kernel-memory.js';
import { loadKernel } from './load-kernel.js';
import { placeBlock, type PlacedBlock } from './place-block.js';
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
  rankValues(values: number, rows: number, table: number, half: number, ranks: number): void;
  rankMissing(
    ...call: [
      values: number,
      rows: number,
      ranks: number,
      missingRank: number,
      largestZero: number,
      columnRanks: number,
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

interface PlacedTable {
  /** Which of the features in use. */
  readonly slot: number;
  readonly table: number;
  /** Half its size in bytes. */
  readonly half: number;
  readonly columns: readonly { readonly ranks: number; readonly missingRank: number; readonly largestZero: number }[];
}

export class CompiledScorer {
  private readonly exports: Exports;
  private readonly tables: readonly PlacedTable[];
  private readonly blocks: readonly PlacedBlock[];
  /** Features in use: only these are handed over. */
  private readonly features: readonly number[];
  private readonly values: Float32Array;
  private readonly scores: Float64Array;
  /** Of one table, and of all columns. */
  private readonly tableRanks: number;
  private readonly columnRanks: number;

  /** The ensemble must be whole (`checkEnsemble`) and one that `isLayable` takes: pointers are unchecked. */
  constructor(ensemble: TreeEnsemble, blockBytes = BLOCK_BYTES) {
    const rankColumns = new RankColumns(ensemble);
    const blocks = treeBlocks(ensemble, rankColumns, blockBytes);
    const memory = new KernelMemory();
    this.tableRanks = memory.reserve(PORTION);
    this.columnRanks = memory.reserve(rankColumns.columns.length * PORTION);
    this.features = [...new Set(rankColumns.tables.map(({ feature }) => feature))];
    this.tables = rankColumns.tables.map(({ feature, thresholds }, index) => {
      const table = new Float32Array(2 ** Math.ceil(Math.log2(thresholds.length + 1))).fill(Infinity);
      table.set(thresholds);
      const columns = rankColumns.columns
        .map((column, at) => ({ ...column, ranks: this.columnRanks + at * PORTION }))
        .filter((column) => column.table === index);
      const slot = this.features.indexOf(feature);
      return { slot, table: memory.place(table), half: (table.length / 2) * FLOAT, columns };
    });
    this.blocks = blocks.map((block) => placeBlock(block, memory, PORTION));
    const bits = memory.reserve(Math.max(0, ...blocks.map(({ bytes }) => bytes)) * LANES);
    const scratch = memory.reserve(LANES);
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
      this.rank(to - from);
      for (const { columns, columnsEnd, trees, treesEnd, bytes } of this.blocks) {
        const { exports, columnRanks } = this;
        exports.scoreBlock(columns, columnsEnd, trees, treesEnd, bytes, to - from, columnRanks, this.scores.byteOffset);
      }
      scores.set(this.scores.subarray(0, to - from), from);
    }
  }

  private rank(rows: number): void {
    const { exports, tableRanks } = this;
    for (const { slot, table, half, columns } of this.tables) {
      const values = this.values.byteOffset + slot * PORTION * FLOAT;
      exports.rankValues(values, rows, table, half, tableRanks);
      for (const { ranks, missingRank, largestZero } of columns) {
        exports.rankMissing(values, rows, tableRanks, missingRank, largestZero, ranks);
      }
    }
  }
}
