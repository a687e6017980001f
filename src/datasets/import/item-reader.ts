/** A row as an item, as of the time of the import. */
import { AttributeChecks, type DeclaredType } from '../../events/attribute-rules.js';
import { type ItemEvent } from '../../events/event.js';
import { anyTime, attributesOf, availability, requiredId } from './checks.js';
import { type EffectiveMapping } from './mapping.js';
import { Refusal } from './rejection.js';
import { type RowCursor } from './row-cursor.js';
import { type RowShape } from './row-layout.js';

export class ItemReader {
  readonly shape: RowShape;
  private readonly firstAttribute: number;
  private readonly checks: AttributeChecks;

  constructor(
    private readonly mapping: EffectiveMapping,
    private readonly now: number,
    declaredType: DeclaredType,
  ) {
    this.checks = new AttributeChecks(declaredType);
    const { columns, attributes, timeUnit } = mapping;
    const cells = [columns.item!, ...(columns.available === undefined ? [] : [columns.available])];
    this.firstAttribute = cells.length;
    const times = columns.published === undefined ? [] : [columns.published];
    this.shape = { cells: [...cells, ...attributes], times, timeUnit };
  }

  read(cursor: RowCursor): ItemEvent | Refusal {
    const { columns, attributes } = this.mapping;
    const itemId = requiredId(cursor.cell(0), columns.item!);
    if (itemId instanceof Refusal) return itemId;
    const available = columns.available === undefined ? undefined : availability(cursor.cell(1), columns.available);
    if (available instanceof Refusal) return available;
    const publishedAt =
      columns.published === undefined ? undefined : anyTime(cursor.time(0), cursor.timeText(0), columns.published);
    if (publishedAt instanceof Refusal) return publishedAt;
    const found = attributesOf(attributes, (k) => cursor.cell(this.firstAttribute + k));
    if (found instanceof Refusal) return found;
    const problem = this.checks.problem(found);
    if (problem !== null) return new Refusal(problem.code, problem.message);
    return {
      kind: 'item',
      itemId,
      ...(found !== undefined && { attributes: found }),
      ...(available !== undefined && { available }),
      ...(publishedAt !== undefined && { publishedAt }),
      at: this.now,
    };
  }
}
