/**
 * What attributes of items and profiles must be, whoever brings them, and how an item's values are held against the types
 * that earlier ones have declared.
 */
import { type AttributeType, attributeType, fitsType, isReservedName } from './attribute-type.js';
import { type Attributes, type JsonValue } from './event.js';
import { isWellFormed } from './text-rules.js';

const MOST = 100;
const MOST_BYTES = 65_536;
const DEEPEST = 32;
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;

export interface AttributeProblem {
  readonly code: 'BAD_ATTRIBUTE' | 'WRONG_TYPE';
  readonly message: string;
}

/** Declared type of an attribute, or null. */
export type DeclaredType = (name: string) => AttributeType | null;

/** Why names, texts or size of the attributes are not allowed, or null. */
export function attributesProblem(attributes: Attributes | null | undefined): AttributeProblem | null {
  if (attributes == null) return null;
  const names = Object.keys(attributes);
  if (names.length > MOST) return badAttribute(`${names.length} attributes; ${MOST} are allowed`);
  const badName = names.find((name) => !NAME.test(name) || isReservedName(name));
  if (badName !== undefined) {
    return badAttribute(
      `attribute name ${JSON.stringify(badName.slice(0, 80))}: letters, digits, "_", "." and "-", 64 at most, none of those that every object has`,
    );
  }
  for (const name of names) {
    const complaint = valueProblem(attributes[name]!, DEEPEST);
    if (complaint !== null) return badAttribute(`attribute "${name}" ${complaint}`);
  }
  const bytes = Buffer.byteLength(JSON.stringify(attributes));
  return bytes <= MOST_BYTES ? null : badAttribute(`attributes of ${bytes} bytes; ${MOST_BYTES} are allowed`);
}

/** Why an item event with these attributes changes nothing under the declared types, or null. */
export function typeProblem(attributes: Attributes | undefined, declaredType: DeclaredType): AttributeProblem | null {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    const declared = declaredType(name);
    if (declared !== null && !fitsType(value, declared)) {
      const type = attributeType(value) ?? 'an empty list';
      return { code: 'WRONG_TYPE', message: `attribute "${name}" is declared as ${declared}; this value is ${type}` };
    }
  }
  return null;
}

/** Checks the items of one mutation or file: what one of them declares holds for those after it. */
export class AttributeChecks {
  private readonly declaredHere = new Map<string, AttributeType>();

  /** `declaredType`: what events of the log have declared. */
  constructor(private readonly declaredType: DeclaredType) {}

  /** Why the item's attributes are refused, or null: then they count as declared. */
  problem(attributes: Attributes | null | undefined): AttributeProblem | null {
    const problem =
      attributesProblem(attributes) ??
      typeProblem(attributes ?? {}, (name) => this.declaredHere.get(name) ?? this.declaredType(name));
    if (problem !== null) return problem;
    for (const [name, value] of Object.entries(attributes ?? {})) {
      const type = attributeType(value);
      if (type !== null && !this.declaredHere.has(name)) this.declaredHere.set(name, type);
    }
    return null;
  }
}

function badAttribute(message: string): AttributeProblem {
  return { code: 'BAD_ATTRIBUTE', message };
}

/** What is wrong with a value and everything within it, or null. */
function valueProblem(value: JsonValue, depth: number): string | null {
  if (typeof value === 'string') return isWellFormed(value) ? null : 'holds text that is not well-formed Unicode';
  if (value === null || typeof value !== 'object') return null;
  if (depth === 0) return `is nested more than ${DEEPEST} levels deep`;
  for (const [name, inner] of Object.entries(value)) {
    const complaint = valueProblem(name, depth) ?? valueProblem(inner as JsonValue, depth - 1);
    if (complaint !== null) return complaint;
  }
  return null;
}
