/**
 * A tree grown leaf by leaf, the leaf with the highest gain first (Ke et al. 2017). All threads of the team run this side by
 * side, come to the same decisions from the same numbers, and share the work within each step.
 */
import { fillPairs, type Steps } from './fill-pairs.js';
import { findRootSplit, findSplits, type OpenLeaf, type Split } from './find-splits.js';
import { binTest, type GrownSplit, type GrownTree, type RowSums } from './grown-tree.js';
import { partitionLeaf } from './partition-leaf.js';
import { ROW_CHUNK } from './ranker-memory.js';
import { type Draw } from './ranker-task.js';
import { meet, type RankerThread } from './ranker-thread.js';

/** A tree and the rows of each leaf: a range of `memory.rows`. */
export interface TreeOverRows extends GrownTree {
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
}

interface Candidate extends OpenLeaf {
  best: Split | null;
  /** Split above it, -1 for the root, and which child of it this is. */
  readonly parent: number;
  readonly side: 'left' | 'right';
}

export function growTree(thread: RankerThread, draw: Draw): TreeOverRows {
  const { kernel, settings } = thread;
  const steps = fillPairs(thread, draw);
  kernel.openSearch(settings.minRowsInLeaf, settings.minHessianInLeaf, settings.l2, steps.gradient, steps.hessian);
  const leaves = [openRoot(thread, draw)];
  const splits: GrownSplit[] = [];
  while (leaves.length < settings.leaves) {
    const at = bestLeaf(leaves);
    if (at === -1) break;
    const leaf = leaves[at]!;
    const { left: _, ...split } = leaf.best!;
    if (leaf.parent >= 0) splits[leaf.parent]![leaf.side] = splits.length;
    splits.push({ ...split, ...inUnits(leaf, steps), left: ~at, right: ~leaves.length });
    const children = childrenOf(leaf, { parent: splits.length - 1, slot: leaves.length });
    const isLast = leaves.length + 1 === settings.leaves;
    partition(thread, leaf, children, !isLast);
    if (!isLast) search(thread, children, draw.features);
    leaves[at] = children.left;
    leaves.push(children.right);
  }
  const { l2, learningRate } = settings;
  return {
    splits,
    ranges: leaves,
    leaves: leaves.map((leaf) => {
      const sums = inUnits(leaf, steps);
      return { ...sums, value: leafValue(sums, l2, learningRate) };
    }),
  };
}

/** The Newton step -G / (H + l2), shortened. */
export function leafValue({ gradients, hessians }: RowSums, l2: number, learningRate: number): number {
  const value = (-gradients / (hessians + l2)) * learningRate;
  return Number.isFinite(value) ? value : 0;
}

function openRoot(thread: RankerThread, { rows, features }: Draw): Candidate {
  const { memory, kernel, team, laps } = thread;
  let pairs = memory.pairs.byteOffset;
  if (rows < memory.rows.length) {
    pairs = memory.leafPairs.byteOffset;
    for (const { from, to } of team.chunks(rows, ROW_CHUNK))
      kernel.gatherPairs(memory.rows.byteOffset + 4 * from, to - from, memory.pairs.byteOffset, pairs + 8 * from);
    laps.lap('partition');
    meet(thread);
  }
  const root = { from: 0, to: rows, slot: 0, gradients: 0, hessians: 0, rows };
  const { sums, best } = findRootSplit(thread, { small: root, pairs }, features);
  return { ...root, ...sums, best, parent: -1, side: 'left' };
}

interface Children {
  readonly left: Candidate;
  readonly right: Candidate;
  /** The one with fewer rows, and the other. */
  readonly small: Candidate;
  readonly large: Candidate;
}

/** @param place the split above them, and a free place for the histograms of the smaller one */
function childrenOf(leaf: Candidate, { parent, slot }: { readonly parent: number; readonly slot: number }): Children {
  const { left: sums } = leaf.best!;
  const middle = leaf.from + sums.rows;
  const isLeftSmall = 2 * sums.rows < leaf.rows;
  const rest = {
    gradients: leaf.gradients - sums.gradients,
    hessians: leaf.hessians - sums.hessians,
    rows: leaf.rows - sums.rows,
  };
  const child = (side: 'left' | 'right', isSmall: boolean) => ({
    best: null,
    parent,
    side,
    slot: isSmall ? slot : leaf.slot,
  });
  const left = { ...child('left', isLeftSmall), ...sums, from: leaf.from, to: middle };
  const right = { ...child('right', !isLeftSmall), ...rest, from: middle, to: leaf.to };
  return isLeftSmall ? { left, right, small: left, large: right } : { left, right, small: right, large: left };
}

function partition(thread: RankerThread, leaf: Candidate, { small }: Children, goesOn: boolean): void {
  const split = leaf.best!;
  partitionLeaf(thread, {
    ...binTest(split, thread.features[split.feature]!),
    from: leaf.from,
    to: leaf.to,
    left: split.left.rows,
    feature: split.feature,
    copied: goesOn ? small.side : null,
  });
}

function search(thread: RankerThread, { small, large }: Children, features: Int32Array): void {
  // Neither can be split further.
  if (large.rows < 2 * thread.settings.minRowsInLeaf) return;
  const pairs = thread.memory.leafPairs.byteOffset;
  [small.best, large.best] = findSplits(thread, { small, pairs, large }, features);
}

function inUnits({ gradients, hessians, rows }: RowSums, { gradient, hessian }: Steps): RowSums {
  return { gradients: gradients * gradient, hessians: hessians * hessian, rows };
}

/** Of leaves with equal gains the first. */
function bestLeaf(leaves: readonly Candidate[]): number {
  let [best, gain] = [-1, 0];
  leaves.forEach((leaf, at) => {
    if (leaf.best === null || leaf.best.gain <= gain) return;
    gain = leaf.best.gain;
    best = at;
  });
  return best;
}
