/**
 * A sparse matrix by rows (CSR): row r holds columns `indexes[starts[r]..starts[r + 1])`, ascending and each once, with
 * their weights. Flat arrays, so that it can lie in shared memory.
 */
export interface SparseMatrix {
  readonly rows: number;
  readonly columns: number;
  /** rows + 1 places. */
  readonly starts: Int32Array;
  readonly indexes: Int32Array;
  readonly weights: Float32Array;
}

/** The entries in any order; one that appears twice counts with the sum of its weights. */
export interface Entries {
  readonly rows: number;
  readonly columns: number;
  readonly rowOf: Int32Array;
  readonly columnOf: Int32Array;
  /** 1 each where absent. */
  readonly weights?: Float32Array;
}

export function sparseMatrix({ rows, columns, rowOf, columnOf, weights }: Entries): SparseMatrix {
  const count = rowOf.length;
  const byColumn = {
    starts: startsOf(columnOf, columns),
    indexes: new Int32Array(count),
    weights: new Float32Array(count),
  };
  const next = byColumn.starts.slice();
  for (let at = 0; at < count; at++) {
    const row = rowOf[at]!;
    if (row < 0 || row >= rows) throw new RangeError(`entry ${at} lies in row ${row} of ${rows}`);
    const place = next[columnOf[at]!]!++;
    byColumn.indexes[place] = row;
    byColumn.weights[place] = weights === undefined ? 1 : weights[at]!;
  }
  return merged(transpose({ rows: columns, columns: rows, ...byColumn }));
}

/** The columns as rows: two passes of counting sort, O(entries). */
export function transpose({ rows, columns, starts, indexes, weights }: SparseMatrix): SparseMatrix {
  const count = starts[rows]!;
  const turned = {
    starts: startsOf(indexes, columns),
    indexes: new Int32Array(count),
    weights: new Float32Array(count),
  };
  const next = turned.starts.slice();
  for (let row = 0; row < rows; row++)
    for (let at = starts[row]!; at < starts[row + 1]!; at++) {
      const place = next[indexes[at]!]!++;
      turned.indexes[place] = row;
      turned.weights[place] = weights[at]!;
    }
  return { rows: columns, columns: rows, ...turned };
}

function startsOf(keys: Int32Array, size: number): Int32Array {
  const starts = new Int32Array(size + 1);
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at]!;
    if (key < 0 || key >= size) throw new RangeError(`entry ${at} lies in column ${key} of ${size}`);
    starts[key + 1]!++;
  }
  for (let key = 0; key < size; key++) starts[key + 1]! += starts[key]!;
  return starts;
}

/** Adds up entries of the same place; rows are sorted, so they stand side by side. */
function merged({ rows, columns, starts, indexes, weights }: SparseMatrix): SparseMatrix {
  const from = starts.slice();
  let end = 0;
  for (let row = 0; row < rows; row++) {
    starts[row] = end;
    for (let at = from[row]!; at < from[row + 1]!; at++) {
      if (end > starts[row]! && indexes[end - 1] === indexes[at]) {
        weights[end - 1]! += weights[at]!;
      } else {
        indexes[end] = indexes[at]!;
        weights[end++] = weights[at]!;
      }
    }
  }
  starts[rows] = end;
  return { rows, columns, starts, indexes: indexes.slice(0, end), weights: weights.slice(0, end) };
}
