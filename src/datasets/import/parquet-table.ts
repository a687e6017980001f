/** Parquet: columns as typed in the file. What JSON has no type for becomes text; nested values become JSON. */
import { quoted, type Database } from './database.js';
import { numbered, type Column, type ColumnKind, type Table } from './table.js';

interface TypeRule {
  readonly type: RegExp;
  readonly kind: ColumnKind;
  /** SQL from the column to a value of the kind. */
  readonly convert: (column: string) => string;
}

/** The first rule that matches the name of the type holds. */
const TYPE_RULES: readonly TypeRule[] = [
  { type: /\[|^STRUCT|^MAP|^UNION/, kind: 'json', convert: (c) => `to_json(${c})` },
  { type: /^(U?TINYINT|U?SMALLINT|U?INTEGER|BIGINT|FLOAT|DOUBLE)$/, kind: 'number', convert: (c) => c },
  { type: /^(UBIGINT|U?HUGEINT|DECIMAL.*|BOOLEAN)$/, kind: 'json', convert: (c) => `to_json(${c})` },
  { type: /^TIMESTAMP/, kind: 'instant', convert: (c) => `${c}::TIMESTAMPTZ` },
  { type: /^DATE$/, kind: 'date', convert: (c) => c },
  { type: /^JSON$/, kind: 'json', convert: (c) => c },
  // Some writers leave text unmarked: it is text where it is UTF-8.
  { type: /^BLOB$/, kind: 'text', convert: (c) => `coalesce(TRY(decode(${c})), ${c}::VARCHAR)` },
  { type: /^/, kind: 'text', convert: (c) => `${c}::VARCHAR` },
];

export async function parquetTable(database: Database, file: string): Promise<Table> {
  const path = quoted(await database.literalPath(file));
  const read = `read_parquet(${path}, file_row_number = true, hive_partitioning = false)`;
  const [count] = await database.rows(`SELECT count(*)::DOUBLE FROM ${read}`);
  const described = await database.rows(`DESCRIBE SELECT * EXCLUDE (file_row_number) FROM ${read}`);
  const rules = new Map(described.map(([name, type]) => [String(name), ruleOf(String(type))]));
  return {
    columns: [...rules].map(([name, { kind }]): Column => ({ name, kind })),
    total: Number(count![0]),
    from: (names) => {
      const columns = names.map((name) => rules.get(name)!.convert(identifier(name)));
      return `SELECT ${['file_row_number + 1 AS file_row', 'NULL::VARCHAR AS broken', numbered(columns)].join(', ')} FROM ${read}`;
    },
  };
}

const ruleOf = (type: string): TypeRule => TYPE_RULES.find((rule) => rule.type.test(type))!;

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
