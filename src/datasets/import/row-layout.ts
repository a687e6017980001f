/**
 * The query that reads a table, and where its result holds what. Numbers come as columns of their own, which are read
 * without a copy; everything else of a row comes as one JSON array, since each text costs a call into DuckDB (packed,
 * eight texts are read in 3 us a row instead of 5).
 */
import { type TimeUnit } from './mapping.js';
import { type ColumnKind, type Table } from './table.js';
import { timeMs } from './time-sql.js';

/** What of a row is read, by names of columns. */
export interface RowShape {
  readonly cells: readonly string[];
  /** Columns that hold times; they are not cells. */
  readonly times: readonly string[];
  readonly timeUnit: TimeUnit;
}

/** `time`: by the first time of the shape, unreadable ones last; equal ones, and `file`, by row number. */
export type RowOrder = 'time' | 'file';

export interface RowLayout {
  readonly sql: string;
  /** Columns of the result. */
  readonly row: number;
  readonly broken: number;
  readonly packed: number;
  /** The packed array holds texts and nulls only. */
  readonly packedText: boolean;
  /** For each cell its column of the result, or its place in the packed array. */
  readonly cells: readonly { readonly column: number; readonly place: number }[];
  /** For each time the columns of its milliseconds, and of its text where it is no time. */
  readonly times: readonly { readonly ms: number; readonly text: number }[];
}

/** How a column is written as text or JSON. */
const PACK: { readonly [kind in ColumnKind]: (column: string) => string } = {
  number: (column) => column,
  text: (column) => column,
  json: (column) => column,
  instant: (column) => `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ')`,
  date: (column) => `strftime(${column}, '%Y-%m-%d')`,
};

const plainText = (column: string, kind: ColumnKind): string =>
  kind === 'json' ? `(${column}->>'$')` : `${PACK[kind](column)}::VARCHAR`;

export function rowLayout(table: Table, shape: RowShape, order: RowOrder, skip: number): RowLayout {
  const names = [...new Set([...shape.cells, ...shape.times])];
  const kinds = new Map(table.columns.map(({ name, kind }) => [name, kind]));
  const kindOf = (name: string): ColumnKind => kinds.get(name)!;
  const sqlOf = (name: string): string => `c${names.indexOf(name)}`;

  const selected = ['file_row::DOUBLE', 'broken'];
  const select = (expression: string): number => selected.push(expression) - 1;
  const packed: string[] = [];
  const packedKinds = new Set<ColumnKind>();
  const cells = shape.cells.map((name) => {
    const kind = kindOf(name);
    if (kind === 'number') return { column: select(sqlOf(name)), place: -1 };
    packedKinds.add(kind === 'json' ? 'json' : 'text');
    return { column: -1, place: packed.push(PACK[kind](sqlOf(name))) - 1 };
  });
  const times = shape.times.map((name, k) => ({
    ms: select(`time${k}`),
    text: select(`CASE WHEN time${k} IS NULL THEN ${plainText(sqlOf(name), kindOf(name))} END`),
  }));
  const timed = shape.times.map((name, k) => `, ${timeMs(sqlOf(name), kindOf(name), shape.timeUnit)} AS time${k}`);
  // A list of one type is packed faster than an array of several.
  const array = packedKinds.size === 1 ? `to_json([${packed.join(', ')}])` : `json_array(${packed.join(', ')})`;
  const packedColumn = packed.length > 0 ? select(`${array}::VARCHAR`) : -1;
  const sql = `SELECT ${selected.join(', ')} FROM (SELECT *${timed.join('')} FROM (${table.from(names)}))
    ORDER BY ${order === 'time' ? 'time0 NULLS LAST, ' : ''}file_row OFFSET ${skip}`;
  return { sql, row: 0, broken: 1, packed: packedColumn, packedText: !packedKinds.has('json'), cells, times };
}
