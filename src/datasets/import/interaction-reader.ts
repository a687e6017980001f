/** A row as an interaction. Context objects are shared between events. */
import { type InteractionEvent, type InteractionType } from '../../events/event.js';
import { interactionType, optionalId, pastTime, requiredId, weight } from './checks.js';
import { ContextInterner } from './context-interner.js';
import { type EffectiveMapping } from './mapping.js';
import { Refusal } from './rejection.js';
import { type RowCursor } from './row-cursor.js';
import { type RowShape } from './row-layout.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const USER = 0;
const ITEM = 1;

export class InteractionReader {
  readonly shape: RowShape;
  private readonly columns: EffectiveMapping['columns'];
  private readonly contexts: ContextInterner;
  /** Places of the optional cells; -1: not mapped. */
  private readonly places: { readonly [field in 'type' | 'weight' | 'session' | 'id']: number };
  private readonly firstContext: number;

  constructor(
    { columns, timeUnit }: EffectiveMapping,
    private readonly now: number,
  ) {
    this.columns = columns;
    this.contexts = new ContextInterner(columns);
    const cells = [columns.user!, columns.item!];
    const place = (field: string): number => (columns[field] === undefined ? -1 : cells.push(columns[field]) - 1);
    this.places = { type: place('type'), weight: place('weight'), session: place('session'), id: place('id') };
    this.firstContext = cells.length;
    this.shape = { cells: [...cells, ...this.contexts.columns], times: [columns.time!], timeUnit };
  }

  read(cursor: RowCursor): InteractionEvent | Refusal {
    const { columns, places } = this;
    const userId = requiredId(cursor.cell(USER), columns.user!);
    if (userId instanceof Refusal) return userId;
    const itemId = requiredId(cursor.cell(ITEM), columns.item!);
    if (itemId instanceof Refusal) return itemId;
    const at = pastTime(cursor.time(0), cursor.time(0) === null ? cursor.timeText(0) : null, columns.time!, this.now);
    if (at instanceof Refusal) return at;
    const type: InteractionType | Refusal =
      places.type < 0 ? 'CLICK' : interactionType(cursor.cell(places.type), columns.type!);
    if (type instanceof Refusal) return type;
    const event: Writable<InteractionEvent> = { kind: 'interaction', userId, itemId, type, at };

    if (places.weight >= 0) {
      const value = weight(cursor.cell(places.weight), columns.weight!);
      if (value instanceof Refusal) return value;
      if (value !== undefined) event.weight = value;
    }
    if (places.session >= 0) {
      const sessionId = optionalId(cursor.cell(places.session), columns.session!);
      if (sessionId instanceof Refusal) return sessionId;
      if (sessionId !== undefined) event.sessionId = sessionId;
    }
    if (places.id >= 0) {
      const id = optionalId(cursor.cell(places.id), columns.id!);
      if (id instanceof Refusal) return id;
      if (id !== undefined) event.id = id;
    }
    const context = this.contexts.read(cursor, this.firstContext);
    if (context instanceof Refusal) return context;
    if (context !== undefined) event.context = context;
    return event;
  }
}
