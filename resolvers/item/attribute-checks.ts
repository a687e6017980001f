/** Checks of catalogue attributes against what earlier entries and earlier events have declared. */
import { type Attributes } from '../../src/events/event.js';
import { type AttributeType, attributeType, fitsType, isReservedName } from '../../src/state/attribute-type.js';
import { type Items } from '../../src/state/items.js';
import { LIMITS, type Problem } from '../checks.js';

/** Why names or size of the attributes are not allowed, or null. */
export function attributesProblem(attributes: Attributes | null | undefined): Problem | null {
  const names = Object.keys(attributes ?? {});
  if (names.length > LIMITS.attributes) {
    return { code: 'BAD_ATTRIBUTE', message: `${names.length} attributes; ${LIMITS.attributes} are allowed` };
  }
  const bad = names.find((name) => !LIMITS.attributeName.test(name) || isReservedName(name));
  if (bad !== undefined) {
    const message = `attribute name ${JSON.stringify(bad.slice(0, 80))}: letters, digits, "_", "." and "-", 64 at most, none of those that every object has`;
    return { code: 'BAD_ATTRIBUTE', message };
  }
  const bytes = Buffer.byteLength(JSON.stringify(attributes ?? {}));
  if (bytes <= LIMITS.attributeBytes) return null;
  return { code: 'BAD_ATTRIBUTE', message: `attributes of ${bytes} bytes; ${LIMITS.attributeBytes} are allowed` };
}

/** Declared types as this mutation leaves them: what an entry declares holds for the entries after it. */
export class AttributeChecks {
  private readonly declaredHere = new Map<string, AttributeType>();

  constructor(private readonly items: Items) {}

  /** Why the attributes are refused, or null: then they count as declared. */
  problem(attributes: Attributes | null | undefined): Problem | null {
    return attributesProblem(attributes) ?? this.typeProblem(attributes ?? {});
  }

  private typeProblem(attributes: Attributes): Problem | null {
    for (const [name, value] of Object.entries(attributes)) {
      const declared = this.declaredHere.get(name) ?? this.items.declaredType(name);
      if (declared !== null && !fitsType(value, declared)) {
        const type = attributeType(value) ?? 'an empty list';
        return { code: 'WRONG_TYPE', message: `attribute "${name}" is declared as ${declared}; this value is ${type}` };
      }
    }
    for (const [name, value] of Object.entries(attributes)) {
      const type = attributeType(value);
      if (type !== null && !this.declaredHere.has(name)) this.declaredHere.set(name, type);
    }
    return null;
  }
}
