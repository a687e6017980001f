/**
 * Which column of a file holds which field of an event. A mapping names columns; for a field it does not name, the
 * natural names below are looked for, without regard to case and underscores (`userId` is `user_id`), the first one
 * that the file has. `null` leaves a field out although such a column exists.
 */
import { CONTEXT_DIMENSIONS, type ContextDimension } from '../../events/event.js';
import { ImportError } from './import-error.js';

export const IMPORT_KINDS = ['interactions', 'items', 'profiles'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/**
 * Unit of times given as numbers; times given as ISO 8601 text or as a timestamp column need none. `auto` goes by the
 * size of each number: below 1e11 seconds (until the year 5138), below 1e14 milliseconds (from March 1973), else
 * microseconds. A time without a zone is UTC.
 */
export const TIME_UNITS = ['auto', 's', 'ms', 'us'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];

type ColumnName = string | null | undefined;
type ContextMapping = { readonly [dimension in ContextDimension]?: ColumnName };

export interface InteractionMapping extends ContextMapping {
  readonly user?: ColumnName;
  readonly item?: ColumnName;
  readonly time?: ColumnName;
  readonly type?: ColumnName;
  readonly weight?: ColumnName;
  readonly session?: ColumnName;
  /** Id of the interaction itself: the same id twice counts once. */
  readonly id?: ColumnName;
  readonly timeUnit?: TimeUnit | undefined;
}

export interface ItemMapping {
  readonly item?: ColumnName;
  readonly available?: ColumnName;
  readonly published?: ColumnName;
  /** All columns that hold no other field where absent. */
  readonly attributes?: readonly string[] | undefined;
  readonly timeUnit?: TimeUnit | undefined;
}

export interface ProfileMapping extends ContextMapping {
  readonly user?: ColumnName;
  /** All columns that hold no other field where absent. */
  readonly attributes?: readonly string[] | undefined;
}

export interface ImportMappings {
  readonly interactions: InteractionMapping;
  readonly items: ItemMapping;
  readonly profiles: ProfileMapping;
}
export type ImportMapping<Kind extends ImportKind = ImportKind> = ImportMappings[Kind];

/** A mapping laid on the columns of one file: nothing is left to be looked for. */
export interface EffectiveMapping {
  readonly columns: { readonly [field: string]: string };
  readonly attributes: readonly string[];
  readonly timeUnit: TimeUnit;
}

interface Field {
  readonly names: readonly string[];
  readonly required?: boolean;
}
type Fields = { readonly [field: string]: Field };

const USER: Field = { names: ['user', 'user_id'], required: true };
const CONTEXT: Fields = Object.fromEntries(CONTEXT_DIMENSIONS.map((dimension) => [dimension, { names: [dimension] }]));
const FIELDS: { readonly [kind in ImportKind]: Fields } = {
  interactions: {
    user: USER,
    item: { names: ['item', 'item_id'], required: true },
    time: { names: ['time', 'timestamp', 'at'], required: true },
    type: { names: ['type'] },
    weight: { names: ['weight'] },
    session: { names: ['session', 'session_id'] },
    id: { names: ['id'] },
    ...CONTEXT,
  },
  items: {
    item: { names: ['id', 'item', 'item_id'], required: true },
    available: { names: ['available'] },
    published: { names: ['published', 'published_at'] },
  },
  profiles: { user: USER, ...CONTEXT },
};

export function resolveMapping(kind: ImportKind, mapping: ImportMapping, columns: readonly string[]): EffectiveMapping {
  const { attributes, timeUnit, ...given } = mapping as { [field: string]: ColumnName } & ItemMapping;
  const fields = FIELDS[kind];
  checkMapping(kind, mapping);
  const found = Object.entries(fields).flatMap(([field, rule]) => {
    const column = columnOf(field, rule, given[field], columns);
    return column === undefined ? [] : [[field, column] as const];
  });
  const taken = new Set(found.map(([, column]) => column));
  attributes?.forEach((name) => mustExist(name, 'attributes', columns));
  const others = kind === 'interactions' ? [] : columns.filter((column) => !taken.has(column));
  return { columns: Object.fromEntries(found), attributes: attributes ?? others, timeUnit: timeUnit ?? 'auto' };
}

function checkMapping(kind: ImportKind, mapping: ImportMapping): void {
  const known = new Set(Object.keys(FIELDS[kind]));
  if (kind !== 'interactions') known.add('attributes');
  if (kind !== 'profiles') known.add('timeUnit');
  for (const [field, value] of Object.entries(mapping)) {
    if (!known.has(field))
      throw new ImportError('BAD_MAPPING', `${kind} have no field "${field}"; they have: ${[...known].join(', ')}`);
    if (field === 'timeUnit' && value !== undefined && !TIME_UNITS.includes(value))
      throw new ImportError('BAD_MAPPING', `"${value}" is not a unit of time; there are: ${TIME_UNITS.join(', ')}`);
  }
}

function columnOf(field: string, rule: Field, given: ColumnName, columns: readonly string[]): string | undefined {
  if (given != null) return mustExist(given, field, columns);
  const named = given === null ? undefined : naturalColumn(rule.names, columns);
  if (named !== undefined || !rule.required) return named;
  throw new ImportError(
    'UNKNOWN_COLUMN',
    `no column is mapped to "${field}" and none is called ${rule.names.join(', ')}; ${listed(columns)}`,
    { columns },
  );
}

function naturalColumn(names: readonly string[], columns: readonly string[]): string | undefined {
  const plain = columns.map(plainName);
  const place = names.map((name) => plain.indexOf(plainName(name))).find((index) => index >= 0);
  return place === undefined ? undefined : columns[place];
}

const plainName = (name: string): string => name.replaceAll('_', '').toLowerCase();

function mustExist(name: string, field: string, columns: readonly string[]): string {
  if (columns.includes(name)) return name;
  const message = `the file has no column "${name}", which is mapped to "${field}"; ${listed(columns)}`;
  throw new ImportError('UNKNOWN_COLUMN', message, { columns });
}

const listed = (columns: readonly string[]): string => `its columns are: ${columns.join(', ')}`;
