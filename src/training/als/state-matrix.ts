/** The histories of a live state as a matrix to factorise: its users by index, the items that anybody has read, and what each weighs. */
import { forEachWeight, type WeightRule } from '../../engine/als/history-weights.js';
import { sparseMatrix, type SparseMatrix } from '../../math/sparse-matrix.js';
import { type LiveState } from '../../state/live-state.js';

export interface StateMatrix {
  readonly matrix: SparseMatrix;
  /** Id of the item of each column. */
  readonly itemIds: readonly string[];
  /** Index in the state of the user of each row. */
  readonly users: Int32Array;
  /** What its weights were made by. */
  readonly rule: WeightRule;
}

/** Users in memory with at least one interaction that weighs something. */
export function stateMatrix({ users, items }: LiveState, rule: WeightRule): StateMatrix {
  const columnOf = new Int32Array(items.count).fill(-1);
  const itemIds: string[] = [];
  const rows: number[] = [];
  const columns: number[] = [];
  const weights: number[] = [];
  const owners: number[] = [];
  for (let user = 0; user < users.indexes; user++) {
    const before = rows.length;
    forEachWeight(users.history(user), rule, (item, weight) => {
      if (columnOf[item] === -1) columnOf[item] = itemIds.push(items.id(item)) - 1;
      rows.push(owners.length);
      columns.push(columnOf[item]!);
      weights.push(weight);
    });
    if (rows.length > before) owners.push(user);
  }
  const matrix = sparseMatrix({
    rows: owners.length,
    columns: itemIds.length,
    rowOf: Int32Array.from(rows),
    columnOf: Int32Array.from(columns),
    weights: Float32Array.from(weights),
  });
  return { matrix, itemIds, users: Int32Array.from(owners), rule };
}
