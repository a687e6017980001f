/**
 * Many short rows of records in a few flat arrays: row r holds `length(r)` records from `start(r)` on, one array a column.
 * A row has room for a power of two of records and moves to a larger place when it is full; places that were left are
 * reused by size. So a million histories cost their records and 9 bytes each, not a million objects.
 */
import { grow, type NumberArray } from '../math/grow.js';
import { type SectionReader, type SectionWriter } from './sections.js';

const SMALLEST = 2; // log2 of the records that a new row has room for
const NO_ROOM = 0;

export class RowPool<Columns extends readonly NumberArray[] = NumberArray[]> {
  private starts = new Int32Array(0);
  private lengths = new Int32Array(0);
  private rooms = new Uint8Array(0);
  private used = 0;
  private readonly free: number[][] = [];

  /** `columns` are empty arrays of the wanted types; read them through this field anew after every change. */
  constructor(
    private readonly name: string,
    readonly columns: { -readonly [C in keyof Columns]: Columns[C] },
  ) {}

  start(row: number): number {
    return row < this.starts.length ? this.starts[row]! : 0;
  }

  length(row: number): number {
    return row < this.lengths.length ? this.lengths[row]! : 0;
  }

  /** Makes room for one record at `offset` (0 to length) of the row and returns its place in the columns. */
  insert(row: number, offset: number): number {
    this.addRow(row);
    const length = this.lengths[row]!;
    const room = this.rooms[row]!;
    if (room === NO_ROOM) this.move(row, SMALLEST);
    else if (length === 1 << room) this.move(row, room + 1);
    const place = this.starts[row]! + offset;
    const end = this.starts[row]! + length;
    if (place < end) for (const column of this.columns) column.copyWithin(place + 1, place, end);
    this.lengths[row] = length + 1;
    return place;
  }

  /** Removes the record at `offset` of the row; the later ones move up. */
  remove(row: number, offset: number): void {
    const start = this.starts[row]!;
    const end = start + this.lengths[row]!;
    for (const column of this.columns) {
      column.copyWithin(start + offset, start + offset + 1, end);
      column[end - 1] = 0;
    }
    this.lengths[row]!--;
  }

  /** Empties the row, overwrites what it held and gives its place back. */
  clear(row: number): void {
    if (row >= this.rooms.length || this.rooms[row] === NO_ROOM) return;
    this.release(this.starts[row]!, this.rooms[row]!);
    this.starts[row] = 0;
    this.lengths[row] = 0;
    this.rooms[row] = NO_ROOM;
  }

  /** Bytes of the arrays, room to grow included. */
  get bytes(): number {
    const rows = this.starts.byteLength + this.lengths.byteLength + this.rooms.byteLength;
    return this.columns.reduce((sum: number, column) => sum + column.byteLength, rows);
  }

  private addRow(row: number): void {
    if (row < this.starts.length) return;
    this.starts = grow(this.starts, row + 1);
    this.lengths = grow(this.lengths, row + 1);
    this.rooms = grow(this.rooms, row + 1);
  }

  private move(row: number, room: number): void {
    const target = this.take(room);
    const start = this.starts[row]!;
    const length = this.lengths[row]!;
    for (const column of this.columns) column.copyWithin(target, start, start + length);
    if (this.rooms[row] !== NO_ROOM) this.release(start, this.rooms[row]!);
    this.starts[row] = target;
    this.rooms[row] = room;
  }

  private take(room: number): number {
    const reused = this.free[room]?.pop();
    if (reused !== undefined) return reused;
    const start = this.used;
    this.used += 1 << room;
    const columns: NumberArray[] = this.columns;
    for (let index = 0; index < columns.length; index++) columns[index] = grow(columns[index]!, this.used);
    return start;
  }

  private release(start: number, room: number): void {
    for (const column of this.columns) column.fill(0, start, start + (1 << room));
    (this.free[room] ??= []).push(start);
  }

  save(out: SectionWriter): void {
    const { name } = this;
    const rows = this.rooms.length - trailing(this.rooms);
    out.json(
      `${name}.free`,
      Array.from(this.free, (places) => places ?? []),
    );
    out.array(`${name}.starts`, this.starts.subarray(0, rows));
    out.array(`${name}.lengths`, this.lengths.subarray(0, rows));
    out.array(`${name}.rooms`, this.rooms.subarray(0, rows));
    this.columns.forEach((column, index) => out.array(`${name}.${index}`, column.subarray(0, this.used)));
  }

  load(from: SectionReader): void {
    const { name } = this;
    this.free.length = 0;
    this.free.push(...from.json<number[][]>(`${name}.free`));
    this.starts = from.array(`${name}.starts`);
    this.lengths = from.array(`${name}.lengths`);
    this.rooms = from.array(`${name}.rooms`);
    const columns: NumberArray[] = this.columns;
    for (let index = 0; index < columns.length; index++) columns[index] = from.array(`${name}.${index}`);
    this.used = columns[0]!.length;
  }
}

/** How many zeros the array ends with: rows that never held anything depend on how the arrays grew. */
function trailing(rooms: Uint8Array): number {
  let count = 0;
  while (count < rooms.length && rooms[rooms.length - 1 - count] === NO_ROOM) count++;
  return count;
}
