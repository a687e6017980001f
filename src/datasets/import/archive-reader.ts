/**
 * A row of the archive as the interaction that was archived, exactly: its texts were checked when they came into the
 * log, so nothing is trimmed or shortened. Contexts are shared between events.
 */
import { INTERACTION_TYPES, type InteractionEvent, type InteractionType } from '../../events/event.js';
import { type Position } from '../../events/log.js';
import { ARCHIVE_COLUMNS } from '../archive/columns.js';
import { pastTime } from './checks.js';
import { ContextInterner } from './context-interner.js';
import { ImportError } from './import-error.js';
import { type EffectiveMapping } from './mapping.js';
import { Refusal } from './rejection.js';
import { type Cell, type RowCursor } from './row-cursor.js';
import { type RowShape } from './row-layout.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Columns of text and their fields; the first two are never absent. Cells stand in the order texts, type, numbers, context, position. */
const TEXTS = [
  ['user', 'userId'],
  ['item', 'itemId'],
  ['session', 'sessionId'],
  ['id', 'id'],
  ['recommendation_id', 'recommendationId'],
] as const;
const REQUIRED = 2;
const TYPE = TEXTS.length;
const NUMBERS = ['weight', 'rank'] as const;
const TYPES: ReadonlySet<Cell> = new Set(INTERACTION_TYPES);

/** Each column by its own name; an archive has all of them. */
export function archiveMapping(columns: readonly string[]): EffectiveMapping {
  const names = Object.keys(ARCHIVE_COLUMNS);
  const missing = names.find((name) => !columns.includes(name));
  if (missing !== undefined) {
    const message = `the file has no column "${missing}", which every archive has; its columns are: ${columns.join(', ')}`;
    throw new ImportError('UNKNOWN_COLUMN', message, { columns });
  }
  return { columns: Object.fromEntries(names.map((name) => [name, name])), attributes: [], timeUnit: 'ms' };
}

export class ArchiveReader {
  readonly shape: RowShape;
  private readonly contexts: ContextInterner;

  constructor(
    { columns, timeUnit }: EffectiveMapping,
    private readonly now: number,
  ) {
    this.contexts = new ContextInterner(columns, text);
    this.shape = {
      cells: [...TEXTS.map(([column]) => column), 'type', ...NUMBERS, ...this.contexts.columns, 'position'],
      times: ['time'],
      timeUnit,
    };
  }

  read(cursor: RowCursor): InteractionEvent | Refusal {
    const at = pastTime(cursor.time(0), cursor.timeText(0), 'time', this.now);
    if (at instanceof Refusal) return at;
    const type = cursor.cell(TYPE);
    if (!TYPES.has(type)) return Refusal.ofCell('BAD_TYPE', 'type', type, 'is not a type of interaction');
    const event: Writable<InteractionEvent> = {
      kind: 'interaction',
      userId: '',
      itemId: '',
      type: type as InteractionType,
      at,
    };
    for (let k = 0; k < TEXTS.length; k++) {
      const [column, field] = TEXTS[k]!;
      const value = text(cursor.cell(k), column);
      if (value instanceof Refusal) return value;
      if (value !== undefined) event[field] = value;
      else if (k < REQUIRED) return Refusal.ofCell('BAD_ID', column, null, 'is not an id');
    }
    for (let k = 0; k < NUMBERS.length; k++) {
      const field = NUMBERS[k]!;
      const value = cursor.cell(TYPE + 1 + k);
      if (value === null) continue;
      if (typeof value !== 'number' || !Number.isFinite(value))
        return Refusal.ofCell('BAD_WEIGHT', field, value, 'is not a number');
      event[field] = value;
    }
    const context = this.contexts.read(cursor, TYPE + 1 + NUMBERS.length);
    if (context instanceof Refusal) return context;
    if (context !== undefined) event.context = context;
    return event;
  }

  /** @throws ImportError BAD_ROW: without it nothing says where the event belongs */
  position(cursor: RowCursor): Position {
    const position = Number(cursor.cell(this.shape.cells.length - 1));
    if (Number.isSafeInteger(position) && position > 0) return position;
    const { row } = cursor;
    throw new ImportError('BAD_ROW', `row ${row}: column "position" is no position of a log`, { row });
  }
}

function text(cell: Cell, column: string): string | undefined | Refusal {
  if (cell === null) return undefined;
  return typeof cell === 'string' ? cell : Refusal.ofCell('BAD_ID', column, cell, 'is not text');
}
