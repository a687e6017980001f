import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { type FeatureMatrix } from '../../../src/engine/trees/tree-ensemble.js';
import { readRows, rowColumns, RowWriter } from '../../../src/training/ranker/row-files.js';
import { seededRandom } from '../../../src/math/random.js';
import { withFolder } from '../../support/server.js';

const NAMES = ['a', 'b', 'c'];
/** Value of a feature that tells query, row and column. */
const valueOf = (query: number, row: number, column: number): number => query * 100 + row * 10 + column;

function block(query: number, rows: number): FeatureMatrix {
  const values = new Float32Array(rows * NAMES.length);
  for (let column = 0; column < NAMES.length; column++)
    for (let row = 0; row < rows; row++) values[column * rows + row] = valueOf(query, row, column);
  return { rows, width: NAMES.length, values };
}

/** Writes queries `from..to`, each with some rows; gives the number of rows of each. */
async function write(folder: string, from: number, to: number): Promise<number[]> {
  const random = seededRandom(from);
  const writer = await RowWriter.create(folder, NAMES);
  const sizes: number[] = [];
  for (let query = from; query < to; query++) {
    const rows = 1 + random.below(4);
    writer.add(block(query, rows), rows - 1);
    sizes.push(rows);
  }
  writer.miss();
  const counts = await writer.close();
  expect(counts).toEqual({ queries: to - from, rows: sizes.reduce((sum, size) => sum + size, 0), missed: 1 });
  return sizes;
}

describe('rows on disk', () => {
  it('come back column by column, with the clicked row of each query, over several folders', () =>
    withFolder(async (folder) => {
      const [one, other] = [join(folder, 'one'), join(folder, 'other')];
      const sizes = [...(await write(one, 0, 7)), ...(await write(other, 7, 12))];
      const { rows, values, labels, starts, featureNames } = await readRows({ folders: [one, other] });
      expect(featureNames).toEqual(NAMES);
      expect([...starts]).toEqual(sizes.reduce((sums, size) => [...sums, sums.at(-1)! + size], [0]));
      sizes.forEach((size, query) => {
        for (let row = 0; row < size; row++) {
          const at = starts[query]! + row;
          expect(labels[at]).toBe(row === size - 1 ? 1 : 0);
          NAMES.forEach((_, column) => expect(values[column * rows + at]).toBe(valueOf(query, row, column)));
        }
      });
    }));

  it('can be read in part: some queries, some features in another order', () =>
    withFolder(async (folder) => {
      const [one, other] = [join(folder, 'one'), join(folder, 'other')];
      const sizes = [...(await write(one, 0, 7)), ...(await write(other, 7, 12))].slice(5, 9);
      const part = await readRows({ folders: [one, other], from: 5, to: 9, featureNames: ['c', 'a'] });
      expect(part.rows).toBe(sizes.reduce((sum, size) => sum + size, 0));
      expect(part.featureNames).toEqual(['c', 'a']);
      expect(part.values[0]).toBe(valueOf(5, 0, 2));
      expect(part.values[part.rows]).toBe(valueOf(5, 0, 0));
      expect(part.values[part.starts[3]!]).toBe(valueOf(8, 0, 2));
    }));

  it('are more than the buffer holds', () =>
    withFolder(async (folder) => {
      const writer = await RowWriter.create(folder, NAMES);
      const large = block(1, 100_000);
      for (let query = 0; query < 20; query++) writer.add(large, query);
      await writer.close();
      const { rows, labels, values } = await readRows({ folders: [folder] });
      expect(rows).toBe(2_000_000);
      expect(labels.reduce((sum, label) => sum + label, 0)).toBe(20);
      expect(values[rows - 1]).toBe(large.values[99_999]);
    }));

  it('that end too soon, or lack a feature, are refused', () =>
    withFolder(async (folder) => {
      await write(folder, 0, 5);
      await expect(readRows({ folders: [folder], featureNames: ['a', 'colour'] })).rejects.toMatchObject({
        code: 'BAD_TRAINING_SET',
        message: 'the rows have no feature "colour"',
      });
      const { size } = await stat(join(folder, 'features.f32'));
      await truncate(join(folder, 'features.f32'), size - 8);
      await expect(readRows({ folders: [folder] })).rejects.toMatchObject({
        code: 'BAD_TRAINING_SET',
        message: `the rows in ${folder} end too soon`,
      });
    }));

  it('as columns of a table name the query and the clicked row', () =>
    withFolder(async (folder) => {
      const sizes = await write(folder, 0, 3);
      const { featureNames, queries } = await rowColumns(folder);
      const seen = [...queries].map((columns) => columns.map((column) => Array.from(column)));
      expect(featureNames).toEqual(NAMES);
      expect(seen.map(([query]) => query)).toEqual(sizes.map((size, query) => Array(size).fill(query)));
      expect(seen[2]![1]).toEqual(Array.from({ length: sizes[2]! }, (_, row) => valueOf(2, row, 0)));
      expect(seen[2]!.at(-1)).toEqual(Array.from({ length: sizes[2]! }, (_, row) => (row === sizes[2]! - 1 ? 1 : 0)));
    }));
});
