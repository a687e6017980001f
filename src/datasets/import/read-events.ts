/**
 * Reads a file as events. Interactions come in the order of time, equal times in that of the file, rows without a
 * readable time last; those of an archive, items and profiles in the order of the file. The order is that of the file's content alone: an
 * import that was interrupted goes on with `skipRows`.
 */
import { type DeclaredType } from '../../events/attribute-rules.js';
import { type Event } from '../../events/event.js';
import { type Position } from '../../events/log.js';
import { ImportError } from './import-error.js';
import { openSource, type ImportSource, type ImportSourceOptions } from './import-source.js';
import { type ImportKind } from './mapping.js';
import { readChunks } from './read-chunks.js';
import { Refusal, type Rejection } from './rejection.js';
import { RowCursor } from './row-cursor.js';
import { rowLayout, type RowOrder } from './row-layout.js';
import { rowReader } from './row-reader.js';

export interface EventBatch {
  readonly events: readonly Event[];
  /** Of items: the row number of each event. */
  readonly rowOf: readonly number[];
  /** Of an archive, where it is asked for: the position in its log of each event. */
  readonly positionOf: readonly Position[];
  /** Rows in the order of reading up to here, kept or not, those skipped included. */
  readonly rows: number;
  readonly rejected: readonly Rejection[];
}

export interface ReadOptions {
  /** Wall clock in milliseconds: later times are refused, and items and profiles are as of it. */
  readonly now: number;
  /** Stops at the first bad row with an `ImportError` BAD_ROW. */
  readonly strict?: boolean | undefined;
  readonly skipRows?: number | undefined;
  /** Rows a batch. */
  readonly batchSize?: number | undefined;
  /** Whether positions are wanted, of a format that holds them. */
  readonly positions?: boolean | undefined;
  /** Types of item attributes that stand in the log; none where it is not given. */
  readonly declaredType?: DeclaredType | undefined;
}

export const BATCH_ROWS = 4096;

export async function* readEvents<Kind extends ImportKind>(
  options: ImportSourceOptions<Kind> & ReadOptions,
): AsyncGenerator<EventBatch, void, undefined> {
  const source = await openSource(options);
  try {
    yield* eventsOf(source, source.order, options);
  } finally {
    await source.close();
  }
}

/** The events of an open file. */
export async function* eventsOf(
  source: ImportSource,
  order: RowOrder,
  options: ReadOptions,
): AsyncGenerator<EventBatch, void, undefined> {
  const { now, strict = false, skipRows = 0, batchSize = BATCH_ROWS, declaredType = () => null, positions } = options;
  const { table, file, database } = source;
  if (skipRows >= table.total) return;
  const reader = rowReader(source, { now, declaredType });
  const layout = rowLayout(table, reader.shape, order, skipRows);
  const cursor = new RowCursor(layout);
  let rows = skipRows;
  let events: Event[] = [];
  let rowOf: number[] = [];
  let positionOf: Position[] = [];
  let rejected: Rejection[] = [];
  let full = rows + batchSize;
  for await (const chunk of readChunks(database, layout.sql, file)) {
    cursor.load(chunk);
    const count = chunk.rowCount;
    for (let index = 0; index < count; index++) {
      cursor.move(index);
      const made = reader.read(cursor);
      if (made instanceof Refusal) rejected.push(rejection(cursor, made, strict));
      else {
        events.push(made);
        if (made.kind === 'item') rowOf.push(cursor.row);
        if (positions === true && reader.position !== undefined) positionOf.push(reader.position(cursor));
      }
      if (++rows < full) continue;
      yield { events, rowOf, positionOf, rows, rejected };
      events = [];
      rowOf = [];
      positionOf = [];
      rejected = [];
      full = rows + batchSize;
    }
  }
  if (rows !== table.total) throw changed(file, table.total, rows);
  if (rows > full - batchSize) yield { events, rowOf, positionOf, rows, rejected };
}

function rejection(cursor: RowCursor, refusal: Refusal, strict: boolean): Rejection {
  const { row, broken } = cursor;
  const found: Rejection =
    broken === null
      ? { row, code: refusal.code, message: refusal.message }
      : { row, code: 'BAD_ROW', message: `the row ${broken}` };
  if (strict) throw new ImportError('BAD_ROW', `row ${row}: ${found.message}`, { row });
  return found;
}

function changed(file: string, expected: number, actual: number): ImportError {
  const message = `${file} changed while it was read: ${actual} rows where there were ${expected}`;
  return new ImportError('UNREADABLE_FILE', message);
}
