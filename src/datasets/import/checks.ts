/** Checks of single values. Each takes a cell and gives the value, nothing where there is none, or why it is refused. */
import { attributesProblem } from '../../events/attribute-rules.js';
import { INTERACTION_TYPES, type Attributes, type InteractionType, type JsonValue } from '../../events/event.js';
import { MAX_CONTEXT_CHARACTERS, MAX_ID_CHARACTERS, textProblem } from '../../events/text-rules.js';
import { Refusal, type RejectionCode } from './rejection.js';
import { type Cell } from './row-cursor.js';

export const MAX_WEIGHT = 1000;
/** Clocks differ: a time this far ahead is taken. */
export const MAX_AHEAD_MS = 5 * 60_000;
const MAX_DATE_MS = 8.64e15;

interface TextRule {
  readonly code: RejectionCode;
  readonly maxCharacters: number;
}
const ID: TextRule = { code: 'BAD_ID', maxCharacters: MAX_ID_CHARACTERS };
const CONTEXT: TextRule = { code: 'BAD_CONTEXT', maxCharacters: MAX_CONTEXT_CHARACTERS };

export function requiredId(cell: Cell, column: string): string | Refusal {
  return optionalText(cell, column, ID) ?? Refusal.ofCell('BAD_ID', column, cell, 'is not an id');
}

export const optionalId = (cell: Cell, column: string): string | undefined | Refusal => optionalText(cell, column, ID);

export const contextValue = (cell: Cell, column: string): string | undefined | Refusal =>
  optionalText(cell, column, CONTEXT);

/** Text without surrounding blanks; numbers become their decimal text. */
function optionalText(cell: Cell, column: string, rule: TextRule): string | undefined | Refusal {
  if (cell === null) return undefined;
  if (typeof cell === 'bigint') return cell.toString();
  if (typeof cell === 'number') {
    if (Math.abs(cell) <= Number.MAX_SAFE_INTEGER) return String(cell);
    return Refusal.ofCell(rule.code, column, cell, 'is not a number that is known exactly; write it as text');
  }
  if (typeof cell !== 'string') return Refusal.ofCell(rule.code, column, cell, 'is neither text nor a number');
  const text = cell.trim();
  if (text === '') return undefined;
  const complaint = textProblem(text, rule.maxCharacters);
  return complaint === null ? text : Refusal.ofCell(rule.code, column, text, complaint);
}

const TYPES = new Map<string, InteractionType>(INTERACTION_TYPES.map((type) => [type, type]));

export function interactionType(cell: Cell, column: string): InteractionType | Refusal {
  if (cell === null) return 'CLICK';
  if (typeof cell === 'string') {
    const name = cell.trim();
    const type = name === '' ? 'CLICK' : (TYPES.get(name) ?? TYPES.get(name.toUpperCase()));
    if (type !== undefined) return type;
  }
  return Refusal.ofCell('BAD_TYPE', column, cell, `is not one of ${INTERACTION_TYPES.join(', ')}`);
}

export function weight(cell: Cell, column: string): number | undefined | Refusal {
  if (cell === null || cell === '') return undefined;
  const value = typeof cell === 'string' && cell.trim() === '' ? NaN : Number(cell);
  if (typeof cell !== 'boolean' && typeof cell !== 'object' && value > 0 && value <= MAX_WEIGHT) return value;
  return Refusal.ofCell('BAD_WEIGHT', column, cell, `is not a weight above 0 and up to ${MAX_WEIGHT}`);
}

/** A time at which something has happened: since 1970, and not ahead of `now`. */
export function pastTime(time: number | null, text: string | null, column: string, now: number): number | Refusal {
  const at = time === null ? undefined : anyTime(time, text, column);
  if (at === undefined) return Refusal.ofCell('BAD_TIME', column, text, 'is not a time');
  if (typeof at !== 'number') return at;
  if (at < 0) return Refusal.ofCell('BAD_TIME', column, isoTime(at), 'is before 1970');
  if (at > now + MAX_AHEAD_MS) return Refusal.ofCell('BAD_TIME', column, isoTime(at), `is after now, ${isoTime(now)}`);
  return at;
}

/** Any time that a date can be: films are older than 1970, and an article may be announced. */
export function anyTime(time: number | null, text: string | null, column: string): number | undefined | Refusal {
  if (time !== null && Math.abs(time) <= MAX_DATE_MS) return time;
  if (time === null && (text === null || text.trim() === '')) return undefined;
  return Refusal.ofCell('BAD_TIME', column, text ?? time, 'is not a time');
}

const isoTime = (time: number): string => new Date(time).toISOString();

const YES = ['true', 'yes', '1'];
const NO = ['false', 'no', '0'];

export function availability(cell: Cell, column: string): boolean | undefined | Refusal {
  if (cell === null || cell === '') return undefined;
  const text = String(cell).trim().toLowerCase();
  if (YES.includes(text) || NO.includes(text)) return YES.includes(text);
  return Refusal.ofCell('BAD_ATTRIBUTE', column, cell, 'is neither true nor false');
}

/** Attributes of the types that the file gives them, under the rules of all attributes; those without a value are left out. */
export function attributesOf(names: readonly string[], cellOf: (k: number) => Cell): Attributes | undefined | Refusal {
  const entries: [string, JsonValue][] = [];
  for (let k = 0; k < names.length; k++) {
    const cell = cellOf(k);
    if (cell === null) continue;
    if (typeof cell === 'number' && !Number.isFinite(cell))
      return Refusal.ofCell('BAD_ATTRIBUTE', names[k]!, cell, 'is not a number that JSON knows');
    entries.push([names[k]!, typeof cell === 'bigint' ? exactInteger(cell) : cell]);
  }
  if (entries.length === 0) return undefined;
  const attributes = Object.fromEntries(entries);
  const problem = attributesProblem(attributes);
  return problem === null ? attributes : new Refusal(problem.code, problem.message);
}

/** A number where a number holds it exactly, else its decimal text. */
function exactInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
