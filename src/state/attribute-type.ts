/** What kind of value a catalogue attribute holds. Filters compare strings, numbers and booleans, and look into lists of them. */
import { type JsonValue } from '../events/event.js';

export type AttributeType =
  'string' | 'number' | 'boolean' | 'list of string' | 'list of number' | 'list of boolean' | 'json';

/** Type of the value; null for a null, which declares nothing. An empty list counts as a list of strings. */
export function attributeType(value: JsonValue): AttributeType | null {
  if (value === null) return null;
  const type = typeof value;
  if (type === 'string' || type === 'number' || type === 'boolean') return type;
  if (!Array.isArray(value)) return 'json';
  const types = new Set(value.map((element) => typeof element));
  if (types.size === 0 || (types.size === 1 && types.has('string'))) return 'list of string';
  if (types.size === 1 && types.has('number')) return 'list of number';
  if (types.size === 1 && types.has('boolean')) return 'list of boolean';
  return 'json';
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
