import fc from 'fast-check';
import { stateHash } from '../../src/state/checkpoint.js';
import { RowPool } from '../../src/state/row-pool.js';
import { reloaded } from '../support/saved.js';

type Columns = [Int32Array, Float64Array];
type Pool = RowPool<Columns>;
const empty = (): Pool => new RowPool<Columns>('test', [new Int32Array(0), new Float64Array(0)]);

function insert(pool: Pool, row: number, offset: number, value: number): void {
  const place = pool.insert(row, offset);
  pool.columns[0][place] = value;
  pool.columns[1][place] = value / 2;
}

function valuesOf(pool: Pool, row: number): number[] {
  const start = pool.start(row);
  const end = start + pool.length(row);
  expect([...pool.columns[1].subarray(start, end)]).toEqual(
    [...pool.columns[0].subarray(start, end)].map((v) => v / 2),
  );
  return [...pool.columns[0].subarray(start, end)];
}

interface Step {
  readonly kind: 'insert' | 'remove' | 'clear';
  readonly row: number;
  /** Part of the row's length. */
  readonly where: number;
}
const step = fc.record<Step>({
  kind: fc.constantFrom('insert', 'insert', 'insert', 'insert', 'insert', 'insert', 'remove', 'clear'),
  row: fc.integer({ min: 0, max: 4 }),
  where: fc.double({ min: 0, max: 0.999, noNaN: true }),
});
const steps = fc.array(step, { maxLength: 150 });

/** Does the same to the pool and to plain arrays; the values are 1, 2, 3 ... */
function run(all: readonly Step[], pool: Pool, rows: number[][], first = 1): void {
  all.forEach(({ kind, row, where }, at) => {
    const values = rows[row]!;
    if (kind === 'clear') {
      pool.clear(row);
      values.length = 0;
    } else if (kind === 'insert') {
      const offset = Math.floor(where * (values.length + 1));
      insert(pool, row, offset, first + at);
      values.splice(offset, 0, first + at);
    } else if (values.length > 0) {
      const offset = Math.floor(where * values.length);
      pool.remove(row, offset);
      values.splice(offset, 1);
    }
  });
}

const rowsOf = (): number[][] => Array.from({ length: 5 }, () => []);

describe('RowPool', () => {
  it('holds what plain arrays hold after any steps, and nothing of what was removed', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const pool = empty();
        const rows = rowsOf();
        run(all, pool, rows);
        rows.forEach((values, row) => expect(valuesOf(pool, row)).toEqual(values));
        const held = [...pool.columns[0]].filter((value) => value !== 0).sort((a, b) => a - b);
        expect(held).toEqual(rows.flat().sort((a, b) => a - b));
        expect([...pool.columns[1]].filter((value) => value !== 0)).toHaveLength(held.length);
      }),
      { seed: 12, numRuns: 200 },
    );
  });

  it('goes on after it was saved and read back as if it had not been', () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const pool = empty();
        const rows = rowsOf();
        run(before, pool, rows);
        const read = reloaded(pool, empty());
        expect(stateHash(read)).toBe(stateHash(pool));
        const copy = rows.map((values) => [...values]);
        run(after, pool, rows, 1_000);
        run(after, read, copy, 1_000);
        rows.forEach((values, row) => expect(valuesOf(read, row)).toEqual(values));
        expect(stateHash(read)).toBe(stateHash(pool));
      }),
      { seed: 13 },
    );
  });

  it('is empty at rows that never held anything, however far', () => {
    const pool = empty();
    expect([pool.start(0), pool.length(0), pool.length(1_000_000), pool.bytes]).toEqual([0, 0, 0, 0]);
    pool.clear(1_000_000);
    insert(pool, 3, 0, 1);
    expect([0, 1, 2, 3, 4].map((row) => pool.length(row))).toEqual([0, 0, 0, 1, 0]);
  });

  it('uses the places again that rows have left', () => {
    const pool = empty();
    const fill = (row: number): void => {
      for (let at = 0; at < 64; at++) insert(pool, row, at, at + 1);
    };
    fill(0);
    const { bytes } = pool;
    for (let round = 0; round < 20; round++) {
      pool.clear(round % 2);
      fill((round + 1) % 2);
    }
    expect(pool.bytes).toBe(bytes);
    expect(valuesOf(pool, 0)).toEqual(Array.from({ length: 64 }, (_, at) => at + 1));
  });
});
