/** A row as a user's profile, as of the time of the import. */
import { type ProfileEvent } from '../../events/event.js';
import { attributesOf, requiredId } from './checks.js';
import { ContextInterner } from './context-interner.js';
import { type EffectiveMapping } from './mapping.js';
import { Refusal } from './rejection.js';
import { type RowCursor } from './row-cursor.js';
import { type RowShape } from './row-layout.js';

export class ProfileReader {
  readonly shape: RowShape;
  private readonly contexts: ContextInterner;
  private readonly firstAttribute: number;

  constructor(
    private readonly mapping: EffectiveMapping,
    private readonly now: number,
  ) {
    const { columns, attributes, timeUnit } = mapping;
    this.contexts = new ContextInterner(columns);
    this.firstAttribute = 1 + this.contexts.columns.length;
    this.shape = { cells: [columns.user!, ...this.contexts.columns, ...attributes], times: [], timeUnit };
  }

  read(cursor: RowCursor): ProfileEvent | Refusal {
    const { columns, attributes } = this.mapping;
    const userId = requiredId(cursor.cell(0), columns.user!);
    if (userId instanceof Refusal) return userId;
    const context = this.contexts.read(cursor, 1);
    if (context instanceof Refusal) return context;
    const found = attributesOf(attributes, (k) => cursor.cell(this.firstAttribute + k));
    if (found instanceof Refusal) return found;
    return {
      kind: 'profile',
      userId,
      ...(context !== undefined && { context }),
      ...(found !== undefined && { attributes: found }),
      at: this.now,
    };
  }
}
