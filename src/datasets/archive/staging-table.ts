/**
 * The interactions of a log as a table of DuckDB in a file of its own, compressed and mostly on disk: what it holds in
 * memory is bounded, whatever the log's length.
 */
import { join } from 'node:path';
import { DOUBLE, type DuckDBAppender, DuckDBDataChunk, type DuckDBValue, VARCHAR } from '@duckdb/node-api';
import { type InteractionEvent } from '../../events/event.js';
import { type LogEntry, type Position } from '../../events/log.js';
import { type Database, quoted } from '../import/database.js';
import { ARCHIVE_COLUMNS } from './columns.js';

/** Rows of one chunk of DuckDB. */
export const CHUNK_ROWS = 2048;
const MEMORY_LIMIT = '256MB';

/** Numbers are staged as doubles, which cost no bigint each; a log has fewer than 2^53 entries. */
const TYPES = Object.values(ARCHIVE_COLUMNS).map((type) => (type === 'VARCHAR' ? VARCHAR : DOUBLE));

const ARCHIVED = Object.entries(ARCHIVE_COLUMNS).map(([column, type]) => {
  const value = type === 'BIGINT' ? `floor("${column}")` : `"${column}"`;
  return `${value}::${type} AS "${column}"`;
});

export class StagingTable {
  readonly name = 'staged.interactions';
  /** Gives the rows with the types that they have in the archive. */
  readonly select = `SELECT ${ARCHIVED.join(', ')} FROM ${this.name}`;

  private constructor(private readonly appender: DuckDBAppender) {}

  static async create({ connection, folder }: Database): Promise<StagingTable> {
    await connection.run(`SET memory_limit = '${MEMORY_LIMIT}'`);
    await connection.run(`ATTACH ${quoted(join(folder, 'staged.duckdb'))} AS staged`);
    const columns = Object.keys(ARCHIVE_COLUMNS).map((name, at) => `"${name}" ${TYPES[at]!.toString()}`);
    await connection.run(`CREATE TABLE staged.interactions (${columns.join(', ')})`);
    return new StagingTable(await connection.createAppender('interactions', 'main', 'staged'));
  }

  /** Adds the interactions among at most `CHUNK_ROWS` entries; says how many there were. */
  add(entries: readonly LogEntry[]): number {
    const rows = entries.flatMap(({ position, event }) =>
      event.kind === 'interaction' ? [cellsOf(position, event)] : [],
    );
    if (rows.length === 0) return 0;
    const chunk = DuckDBDataChunk.create(TYPES, rows.length);
    chunk.setColumns(TYPES.map((_, column) => rows.map((row) => row[column]!)));
    this.appender.appendDataChunk(chunk);
    return rows.length;
  }

  /** After the last row. */
  finish(): void {
    this.appender.closeSync();
  }
}

/** In the order of the columns. */
function cellsOf(position: Position, event: InteractionEvent): DuckDBValue[] {
  const { id, userId, itemId, type, at, weight, sessionId, context = {}, recommendationId, rank } = event;
  const { device, os, country, region, referrer } = context;
  const places = [device, os, country, region, referrer];
  const cells = [position, id, userId, itemId, type, at, weight, sessionId, ...places, recommendationId, rank];
  return cells.map((cell) => cell ?? null);
}
