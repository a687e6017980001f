/**
 * Types of text columns, from all values of the file. An attribute is a number if all its values are, a boolean if all
 * are true or false, else text. Numbers are those that JSON writes and a double holds exactly: "007" and 20 digits stay
 * text. A code (an id, a place) becomes a number only where that number is written as the text was, digit for digit:
 * nothing changes but the time to read it.
 */
import { type Database } from './database.js';
import { numbered, type Column, type ColumnKind, type Table } from './table.js';

interface TypeTest {
  readonly kind: ColumnKind;
  /** SQL from a text to whether it is of the type. */
  readonly holds: (text: string) => string;
  readonly convert: (text: string) => string;
}

const matches = (pattern: string) => (text: string) => `regexp_full_match(${text}, '${pattern}')`;

const CODE: TypeTest = { kind: 'number', holds: matches('0|[1-9][0-9]{0,14}'), convert: (text) => `${text}::DOUBLE` };
const NUMBER: TypeTest = {
  kind: 'number',
  holds: (text) => matches('-?(0|[1-9][0-9]{0,14})(\\.[0-9]+)?([eE][+-]?[0-9]{1,2})?')(`trim(${text})`),
  convert: (text) => `trim(${text})::DOUBLE`,
};
const BOOLEAN: TypeTest = {
  kind: 'json',
  holds: (text) => `lower(trim(${text})) IN ('true', 'false')`,
  convert: (text) => `to_json(lower(trim(${text})) = 'true')`,
};

export interface InferredColumns {
  readonly codes: readonly string[];
  readonly attributes: readonly string[];
}

/** The table with the named columns of the types that were found. */
export async function inferTypes(database: Database, table: Table, columns: InferredColumns): Promise<Table> {
  const names = [...new Set([...columns.codes, ...columns.attributes])];
  const tests = names.flatMap((name, k) => {
    const possible = columns.attributes.includes(name) ? [NUMBER, BOOLEAN] : [CODE];
    return possible.map((type) => ({ name, type, sql: `coalesce(bool_and(${type.holds(`c${k}`)}), false)` }));
  });
  if (tests.length === 0) return table;
  const [found] = await database.rows(`SELECT ${tests.map(({ sql }) => sql).join(', ')} FROM (${table.from(names)})`);
  const types = new Map(tests.filter((_, k) => found![k] === true).map(({ name, type }) => [name, type]));
  return {
    columns: table.columns.map(({ name, kind }): Column => ({ name, kind: types.get(name)?.kind ?? kind })),
    total: table.total,
    from: (wanted) => {
      const converted = wanted.map((name, k) => types.get(name)?.convert(`c${k}`) ?? `c${k}`);
      return `SELECT file_row, broken, ${numbered(converted)} FROM (${table.from(wanted)})`;
    },
  };
}
