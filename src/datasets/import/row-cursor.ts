/**
 * Reads the cells of one row after the other from the chunks of a result. A cell is null where the file has nothing.
 */
import { type DuckDBDataChunk, type DuckDBVector } from '@duckdb/node-api';
import { type JsonValue } from '../../events/event.js';
import { type RowLayout } from './row-layout.js';

export type Cell = JsonValue | bigint;

export class RowCursor {
  private vectors: DuckDBVector[] = [];
  private packed: readonly JsonValue[] | undefined = [];
  private index = 0;

  constructor(private readonly layout: RowLayout) {}

  load(chunk: DuckDBDataChunk): void {
    this.vectors = Array.from({ length: chunk.columnCount }, (_, k) => chunk.getColumnVector(k));
  }

  /** Goes to a row of the chunk. */
  move(index: number): void {
    this.index = index;
    if (this.layout.packed >= 0)
      this.packed = parsePacked(this.read(this.layout.packed) as string, this.layout.packedText);
  }

  get row(): number {
    return this.read(this.layout.row) as number;
  }

  /** What is wrong with the row as a whole; null: nothing. A broken row has no cells, so only a refused row needs to ask. */
  get broken(): string | null {
    return this.packed === undefined
      ? 'holds a number that JSON does not know'
      : (this.read(this.layout.broken) as string | null);
  }

  cell(k: number): Cell {
    const { column, place } = this.layout.cells[k]!;
    return column >= 0 ? (this.read(column) as Cell) : this.packed === undefined ? null : this.packed[place]!;
  }

  /** Milliseconds since 1970; null where there is none. */
  time(k: number): number | null {
    return this.read(this.layout.times[k]!.ms) as number | null;
  }

  /** What stands where a time was expected; null where nothing does. */
  timeText(k: number): string | null {
    return this.read(this.layout.times[k]!.text) as string | null;
  }

  private read(column: number): unknown {
    return this.vectors[column]!.getItem(this.index);
  }
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Integers that a number does not hold exactly become text. Undefined: not JSON (NaN and infinities are no numbers there). */
function parsePacked(text: string, onlyTexts: boolean): readonly JsonValue[] | undefined {
  try {
    return JSON.parse(
      onlyTexts || !/\d{16}/.test(text) ? text : text.replaceAll(TOKEN, quoteLongInteger),
    ) as JsonValue[];
  } catch {
    return undefined;
  }
}

function quoteLongInteger(token: string): string {
  return /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token;
}
