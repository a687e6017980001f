/**
 * A file as DuckDB sees it, whatever its format: typed columns and one relation, from which `row-layout.ts` selects.
 */

/**
 * How values of a column reach us: `number` as numbers (bigint for BIGINT), `text` as strings, `json` as JSON of any
 * type, `instant` and `date` as ISO 8601 text.
 */
export type ColumnKind = 'number' | 'text' | 'json' | 'instant' | 'date';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
}

export interface Table {
  readonly columns: readonly Column[];
  /** Rows of the file, malformed ones included. */
  readonly total: number;
  /**
   * SQL of a relation with one row per row of the file: `file_row` (from 1), `broken` (what is wrong with a malformed
   * row, whose columns are all null; null for the others) and the named columns as `c0`, `c1`, ...
   */
  from(names: readonly string[]): string;
}

/** `expression AS c0, expression AS c1, ...`, one expression a column. */
export function numbered(expressions: readonly string[]): string {
  return expressions.map((expression, k) => `${expression} AS c${k}`).join(', ');
}
