/** Adds a new tree to the scores of all rows: by the ranges that it was grown on, and by walking it for all others. */
import { binTest, type GrownTree } from './grown-tree.js';
import { type TreeOverRows } from './grow-tree.js';
import { type SetMemory } from './ranker-memory.js';
import { meet, type RankerThread } from './ranker-thread.js';

/** Rows that a thread walks at once. */
const WALK_CHUNK = 2048;

/** All threads together. `grownOn` rows of `memory.rows` lie in the tree's ranges. */
export function addTree(thread: RankerThread, tree: TreeOverRows, grownOn: number): void {
  const { memory, team, features, laps } = thread;
  const { train, validation, rows } = memory;
  for (const { from } of team.chunks(tree.ranges.length, 1)) {
    const range = tree.ranges[from]!;
    const { value } = tree.leaves[from]!;
    for (let at = range.from; at < range.to; at++) train.scores[rows[at]!]! += value;
  }
  laps.lap('scores');
  meet(thread);
  const walkTrain = walker(tree, features, train);
  for (const { from, to } of team.chunks(rows.length - grownOn, WALK_CHUNK))
    for (let at = grownOn + from; at < grownOn + to; at++) walkTrain(rows[at]!);
  laps.lap('scores');
  meet(thread);
  const walkValidation = walker(tree, features, validation);
  for (const { from, to } of team.chunks(validation.labels.length, WALK_CHUNK))
    for (let row = from; row < to; row++) walkValidation(row);
  laps.lap('scores');
  meet(thread);
}

/** Adds the leaf that a row falls into to its score. */
function walker(
  { splits, leaves }: GrownTree,
  features: RankerThread['features'],
  { bins, scores, labels }: SetMemory,
): (row: number) => void {
  const tests = splits.map((split) => binTest(split, features[split.feature]!));
  const column = Int32Array.from(splits, ({ feature }) => feature * labels.length);
  const shift = Uint8Array.from(tests, (test) => test.shift);
  const last = Uint8Array.from(tests, (test) => test.last);
  const left = Int32Array.from(splits, (split) => split.left);
  const right = Int32Array.from(splits, (split) => split.right);
  const values = Float64Array.from(leaves, ({ value }) => value);
  return (row) => {
    let node = splits.length === 0 ? ~0 : 0;
    while (node >= 0)
      node = ((bins[column[node]! + row]! - shift[node]!) & 255) <= last[node]! ? left[node]! : right[node]!;
    scores[row]! += values[~node]!;
  };
}
