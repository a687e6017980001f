import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Database, quoted } from '../../../src/datasets/import/database.js';
import { type NumberChunk, writeParquet } from '../../../src/datasets/parquet/write-parquet.js';
import { withFolder } from '../../support/server.js';

const COLUMNS = [
  { name: 'query', type: 'integer' },
  { name: 'share_referrer+position', type: 'float' },
] as const;

async function read(path: string, sql: string): Promise<unknown[][]> {
  const database = await Database.open();
  try {
    return await database.rows(`${sql} FROM ${quoted(path)}`);
  } finally {
    await database.close();
  }
}

describe('writeParquet', () => {
  it('writes chunks of any length as one table, an unknown number as null', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'rows.parquet');
      const chunks: NumberChunk[] = [
        [Int32Array.of(0, 0, 0), Float32Array.of(0.5, NaN, -1)],
        [new Int32Array(0), new Float32Array(0)],
        [new Int32Array(5_000).fill(1), new Float32Array(5_000).fill(2)],
      ];
      expect(await writeParquet(path, COLUMNS, chunks)).toBe(5_003);
      expect(await read(path, 'SELECT *')).toHaveLength(5_003);
      expect((await read(path, 'SELECT *')).slice(0, 3)).toEqual([
        [0, 0.5],
        [0, null],
        [0, -1],
      ]);
      expect(await read(path, 'SELECT count(*), sum("share_referrer+position")')).toEqual([['5003', 9_999.5]]);
      expect(await readdir(folder)).toEqual(['rows.parquet']);
    }));

  it('leaves no file behind where the rows fail', () =>
    withFolder(async (folder) => {
      function* failing(): Generator<NumberChunk> {
        yield [Int32Array.of(0), Float32Array.of(1)];
        throw new Error('no more rows');
      }
      await expect(writeParquet(join(folder, 'rows.parquet'), COLUMNS, failing())).rejects.toThrow('no more rows');
      expect(await readdir(folder)).toEqual([]);
    }));
});
