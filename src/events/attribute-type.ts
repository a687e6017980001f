/** What kind of value a catalogue attribute holds. Filters compare strings, numbers and booleans, and look into lists of them. */
import { type JsonValue } from './event.js';

export type AttributeType =
  'string' | 'number' | 'boolean' | 'list of string' | 'list of number' | 'list of boolean' | 'json';

/** Type that the value declares; null for what declares nothing: a null, or an empty list. */
export function attributeType(value: JsonValue): AttributeType | null {
  if (value === null) return null;
  const type = typeof value;
  if (type === 'string' || type === 'number' || type === 'boolean') return type;
  if (!Array.isArray(value)) return 'json';
  if (value.length === 0) return null;
  const types = new Set(value.map((element) => typeof element));
  if (types.size === 1 && types.has('string')) return 'list of string';
  if (types.size === 1 && types.has('number')) return 'list of number';
  if (types.size === 1 && types.has('boolean')) return 'list of boolean';
  return 'json';
}

/** Whether an attribute of this declared type may have the value: one of that type, an empty list of any, or null. */
export function fitsType(value: JsonValue, declared: AttributeType): boolean {
  const type = attributeType(value);
  if (type !== null || value === null) return type === null || type === declared;
  return declared === 'json' || declared.startsWith('list of ');
}

/** Names that every object answers to, such as `constructor`: they can't be told from what an item lacks. */
export function isReservedName(name: string): boolean {
  return name in {};
}

/** Type of the values that a filter on the attribute compares with; null where the attribute can't be filtered on. */
export function comparedType(type: AttributeType): 'string' | 'number' | 'boolean' | null {
  if (type === 'json') return null;
  return type.replace('list of ', '') as 'string' | 'number' | 'boolean';
}
