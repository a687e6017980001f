/**
 * Trees laid out for the kernel of `kernels/trees.ts`: leaves from left to right are bits, and a split that a row fails (it
 * goes right) clears those of its left side. Trees are cut into blocks, in their order, whose bits stay in the nearest cache;
 * in a block the splits are gathered by column and threshold, for all on one threshold are failed by the same rows.
 */
import { type RankColumns } from './rank-columns.js';
import { CATEGORICAL, type Tree, type TreeEnsemble } from './tree-ensemble.js';

/** A leaf's place is a byte. */
const MOST_LEAVES = 256;

/** Bits that a failed split clears: one byte of them. */
export interface ByteMask {
  readonly byte: number;
  readonly clear: number;
}

export interface BlockColumn {
  readonly column: number;
  /** Masks of the splits on a threshold, by its place in the column, ascending. */
  readonly runs: readonly (readonly [place: number, masks: readonly ByteMask[]])[];
}

export interface TreeBlock {
  /** Bytes of bits of one row. */
  readonly bytes: number;
  readonly columns: readonly BlockColumn[];
  readonly trees: readonly { readonly bytes: number; readonly leafValues: Float64Array }[];
}

/** Whether the kernel can score it: numerical splits, constant leaves, at most 256 of them a tree. */
export function isLayable({ trees }: TreeEnsemble): boolean {
  return trees.every(
    ({ leaves, linear, decision }) =>
      leaves <= MOST_LEAVES && linear === null && decision.every((bits) => (bits & CATEGORICAL) === 0),
  );
}

/** @param blockBytes most bytes of bits of a block, unless one tree alone has more */
export function treeBlocks({ trees }: TreeEnsemble, columns: RankColumns, blockBytes: number): TreeBlock[] {
  const blocks: TreeBlock[] = [];
  let draft = new BlockDraft(columns);
  for (const tree of trees) {
    if (draft.bytes > 0 && draft.bytes + bytesOf(tree) > blockBytes) {
      blocks.push(draft.done());
      draft = new BlockDraft(columns);
    }
    draft.add(tree);
  }
  if (draft.bytes > 0) blocks.push(draft.done());
  return blocks;
}

function bytesOf({ leaves }: Tree): number {
  return (leaves + 7) >> 3;
}

class BlockDraft {
  bytes = 0;
  private readonly trees: { bytes: number; leafValues: Float64Array }[] = [];
  private readonly byColumn = new Map<number, Map<number, ByteMask[]>>();

  constructor(private readonly columns: RankColumns) {}

  add(tree: Tree): void {
    const leafValues = new Float64Array(tree.leaves);
    let leaf = 0;
    const enter = (node: number): void => {
      if (node < 0) {
        leafValues[leaf++] = tree.leafValue[~node]!;
        return;
      }
      const from = leaf;
      enter(tree.left[node]!);
      this.addMasks(tree, node, from, leaf);
      enter(tree.right[node]!);
    };
    enter(tree.leaves === 1 ? ~0 : 0);
    this.trees.push({ bytes: bytesOf(tree), leafValues });
    this.bytes += bytesOf(tree);
  }

  done(): TreeBlock {
    const ascending = ([a]: readonly [number, unknown], [b]: readonly [number, unknown]): number => a - b;
    const columns = [...this.byColumn].sort(ascending).map(([column, runs]) => ({
      column,
      runs: [...runs].sort(ascending),
    }));
    return { bytes: this.bytes, columns, trees: this.trees };
  }

  // A split whose left side has the leaves from..to.
  private addMasks({ feature, decision, threshold }: Tree, split: number, from: number, to: number): void {
    const { column, place } = this.columns.find(feature[split]!, decision[split]!, threshold[split]!);
    if (!this.byColumn.has(column)) this.byColumn.set(column, new Map());
    const runs = this.byColumn.get(column)!;
    if (!runs.has(place)) runs.set(place, []);
    const masks = runs.get(place)!;
    for (let byte = from >> 3; byte <= (to - 1) >> 3; byte++) {
      const low = Math.max(from - byte * 8, 0);
      const high = Math.min(to - byte * 8, 8);
      masks.push({ byte: this.bytes + byte, clear: ((1 << high) - 1) & ~((1 << low) - 1) });
    }
  }
}
