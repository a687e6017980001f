/**
 * The best rows of one column of scores (rows x columns, row by row), best first: like `topK`, without working memory, for
 * short lists out of many scores. Ties go to the lower row; -Infinity and NaN are not listed. O(rows + insertions x k).
 */
export interface Column {
  readonly column: number;
  readonly columns: number;
  readonly rows: number;
}

/** Fills `list` with row numbers, and with -1 where there are too few; `values` is room for as many scores. */
export function topOfColumn(
  scores: Float32Array,
  { column, columns, rows }: Column,
  list: Int32Array,
  values: Float32Array,
): void {
  const last = list.length - 1;
  list.fill(-1);
  values.fill(-Infinity);
  let least = -Infinity;
  for (let row = 0, at = column; row < rows; row++, at += columns) {
    const score = scores[at]!;
    if (!(score > least)) continue;
    let place = last;
    for (; place > 0 && score > values[place - 1]!; place--) {
      values[place] = values[place - 1]!;
      list[place] = list[place - 1]!;
    }
    values[place] = score;
    list[place] = row;
    least = values[last]!;
  }
}
