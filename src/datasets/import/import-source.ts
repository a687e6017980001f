/**
 * One file, opened for one import: checked to be there, laid out by its mapping, and ready to be read more than once.
 * The owner closes it.
 */
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CONTEXT_DIMENSIONS } from '../../events/event.js';
import { archiveMapping } from './archive-reader.js';
import { csvTable } from './csv-table.js';
import { Database } from './database.js';
import { checkFormat, mappingOf, type ImportFormat } from './formats.js';
import { inferTypes, type InferredColumns } from './infer-types.js';
import { jsonlTable } from './jsonl-table.js';
import { resolveMapping, type EffectiveMapping, type ImportKind, type ImportMapping } from './mapping.js';
import { mustBeReadable } from './must-be-readable.js';
import { parquetTable } from './parquet-table.js';
import { orUnreadable } from './read-chunks.js';
import { type RowOrder } from './row-layout.js';
import { type Table } from './table.js';

export interface ImportSourceOptions<Kind extends ImportKind = ImportKind> {
  readonly file: string;
  readonly format: ImportFormat;
  readonly kind: Kind;
  readonly mapping?: ImportMapping<Kind> | undefined;
}

export interface ImportSource {
  readonly file: string;
  readonly format: ImportFormat;
  readonly kind: ImportKind;
  readonly mapping: EffectiveMapping;
  /** In which its events belong into a log; the archive is in that of its log. */
  readonly order: RowOrder;
  readonly table: Table;
  readonly database: Database;
  close(): Promise<void>;
}

const CODED_FIELDS = ['user', 'item', 'session', ...CONTEXT_DIMENSIONS];
const TABLES = { csv: csvTable, parquet: parquetTable, jsonl: jsonlTable };

export async function openSource(options: ImportSourceOptions): Promise<ImportSource> {
  const { file, format, kind } = options;
  checkFormat(format);
  const wanted = mappingOf(format, kind, options.mapping ?? {});
  await mustBeReadable(file);
  const database = await Database.open();
  try {
    const physical = await physicalFormat(file, format);
    const raw = await orUnreadable(file, () => TABLES[physical](database, resolve(file)));
    const columns = raw.columns.map(({ name }) => name);
    const mapping = format === 'archive' ? archiveMapping(columns) : resolveMapping(kind, wanted, columns);
    const table = physical === 'csv' ? await inferTypes(database, raw, inferredColumns(mapping)) : raw;
    const order = kind === 'interactions' && format !== 'archive' ? 'time' : 'file';
    return { file, format, kind, mapping, order, table, database, close: () => database.close() };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** Text columns of CSV whose types are looked for: attributes, and what is mostly numbered. */
function inferredColumns({ columns, attributes }: EffectiveMapping): InferredColumns {
  const codes = CODED_FIELDS.flatMap((field) => columns[field] ?? []);
  return { codes: codes.filter((name) => !attributes.includes(name)), attributes };
}

/** Globo's clicks come as CSV and as Parquet, which begins with the letters PAR1. */
async function physicalFormat(file: string, format: ImportFormat): Promise<keyof typeof TABLES> {
  if (format === 'archive') return 'parquet';
  if (format !== 'globo') return format;
  const handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0).finally(() => handle.close());
  return buffer.toString('latin1') === 'PAR1' ? 'parquet' : 'csv';
}
