/**
 * Histograms of a leaf and the best split of it and of its sibling, whose histograms are the parent's less this leaf's (Ke
 * et al. 2017). A thread takes four features at a time, through all of it, while their histograms are in its cache.
 */
import { type RowSums } from './grown-tree.js';
import { type RankerMemory, SPLIT_WORDS } from './ranker-memory.js';
import { meet, type RankerThread } from './ranker-thread.js';

/** A leaf that may still be split; its sums are in whole steps. */
export interface OpenLeaf extends RowSums {
  /** Range of `memory.rows`. */
  readonly from: number;
  readonly to: number;
  /** Place of its histograms. */
  readonly slot: number;
}

export interface Split {
  readonly feature: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly gain: number;
  /** Sums in whole steps. */
  readonly left: RowSums;
}

export interface LeafPair {
  /** The leaf to add up, and where its rows' pairs lie one after the other, as a byte offset. */
  readonly small: OpenLeaf;
  readonly pairs: number;
  /** Its sibling, in the place of the parent's histograms. */
  readonly large: OpenLeaf;
}

const GROUP = 4;

/** All threads together: the best split of each leaf, null where none is allowed. */
export function findSplits(
  thread: RankerThread,
  { small, pairs, large }: LeafPair,
  features: Int32Array,
): [Split | null, Split | null] {
  const { memory, team, laps } = thread;
  for (const { from, to } of team.chunks(features.length, GROUP)) {
    const group = features.subarray(from, to);
    addUp(thread, { small, pairs, group });
    laps.lap('histograms');
    for (const feature of group) {
      subtract(thread, { feature, from: large.slot, part: small.slot });
      searchLeaf(thread, small, feature, 0);
      searchLeaf(thread, large, feature, 1);
    }
    laps.lap('search');
  }
  meet(thread);
  return [bestOf(memory, features, 0), bestOf(memory, features, 1)];
}

/** All threads together: the root with its sums, which its histograms have, and its best split. */
export function findRootSplit(
  thread: RankerThread,
  { small, pairs }: Pick<LeafPair, 'small' | 'pairs'>,
  features: Int32Array,
): { readonly sums: RowSums; readonly best: Split | null } {
  const { memory, team, laps } = thread;
  for (const { from, to } of team.chunks(features.length, GROUP)) {
    const group = features.subarray(from, to);
    addUp(thread, { small, pairs, group });
    laps.lap('histograms');
    const root = { ...small, ...sumsOf(thread, small.slot, group[0]!) };
    for (const feature of group) searchLeaf(thread, root, feature, 0);
    laps.lap('search');
  }
  meet(thread);
  return { sums: sumsOf(thread, small.slot, features[0]!), best: bestOf(memory, features, 0) };
}

function sumsOf({ memory, kernel, worker }: RankerThread, slot: number, feature: number): RowSums {
  const sums = memory.sums[worker]!;
  kernel.sumBins(histogram(memory, slot, feature), memory.shape.bins[feature]!, sums.byteOffset);
  return { gradients: sums[0]!, hessians: sums[1]!, rows: sums[2]! };
}

function histogram({ histograms, binStarts }: RankerMemory, slot: number, feature: number): number {
  return histograms.byteOffset + 16 * (slot * binStarts.at(-1)! + binStarts[feature]!);
}

function addUp(
  { memory, kernel, worker }: RankerThread,
  { small, pairs, group }: Pick<LeafPair, 'small' | 'pairs'> & { readonly group: Int32Array },
): void {
  const { rows, train } = memory;
  const count = small.to - small.from;
  const rowsAt = rows.byteOffset + 4 * small.from;
  const pointers = memory.pointers[worker]!;
  group.forEach((feature, at) => {
    pointers[at] = train.bins.byteOffset + feature * train.labels.length;
    pointers[GROUP + at] = histogram(memory, small.slot, feature);
    kernel.clear(pointers[GROUP + at]!, memory.shape.bins[feature]!);
  });
  if (group.length === GROUP) {
    kernel.addRows4(rowsAt, pairs, count, pointers.byteOffset, pointers.byteOffset + 4 * GROUP);
    return;
  }
  for (let at = 0; at < group.length; at++) kernel.addRows(rowsAt, pairs, count, pointers[at]!, pointers[GROUP + at]!);
}

function subtract(
  { memory, kernel }: RankerThread,
  { feature, from, part }: { readonly feature: number; readonly from: number; readonly part: number },
): void {
  const bins = memory.shape.bins[feature]!;
  kernel.subtract(histogram(memory, from, feature), histogram(memory, part, feature), bins);
}

function searchLeaf({ memory, kernel, features }: RankerThread, leaf: OpenLeaf, feature: number, of: 0 | 1): void {
  const out = memory.splits.byteOffset + 8 * SPLIT_WORDS * (of * features.length + feature);
  const { bins, hasMissing } = features[feature]!;
  const { gradients, hessians, rows, slot } = leaf;
  kernel.bestSplit(histogram(memory, slot, feature), bins, Number(hasMissing), gradients, hessians, rows, out);
}

/** Of splits with equal gains the one by the first feature. */
function bestOf({ splits, shape }: RankerMemory, features: Int32Array, of: 0 | 1): Split | null {
  let [best, gain] = [-1, 0];
  for (const feature of features) {
    const at = SPLIT_WORDS * (of * shape.bins.length + feature);
    if (splits[at + 1]! < 0 || !(splits[at]! > gain)) continue;
    gain = splits[at]!;
    best = feature;
  }
  if (best === -1) return null;
  const at = SPLIT_WORDS * (of * shape.bins.length + best);
  const [bin, missingLeft, gradients, hessians, rows] = splits.subarray(at + 1, at + 6);
  const left = { gradients: gradients!, hessians: hessians!, rows: rows! };
  return { feature: best, bin: bin!, missingLeft: missingLeft === 1, gain, left };
}
