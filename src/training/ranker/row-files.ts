/**
 * The rows that a ranker is fitted to, on disk: one block a query, its features column by column, then what each row is
 * worth. They are written as a replay goes, so memory is bounded; `rows.json` comes last and says that all of it is there.
 */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FeatureMatrix } from '../../engine/trees/tree-ensemble.js';
import { writeDurable } from '../../disk/durable-file.js';
import { grow } from '../../math/grow.js';
import { type RankerRows } from './ranker-rows.js';

const FEATURES = 'features.f32';
const DONE = 'rows.json';
const BUFFER_BYTES = 2 ** 24;
const FLOAT = 4;

/** What was asked, and what came of it. */
export interface RowCounts {
  /** Queries with rows. */
  readonly queries: number;
  readonly rows: number;
  /** Queries whose clicked item was not among the candidates: no ranker can bring it. */
  readonly missed: number;
}

interface RowFile extends RowCounts {
  readonly featureNames: readonly string[];
  /** Rows of each query, and the place of the clicked item among them. */
  readonly sizes: readonly number[];
  readonly clicked: readonly number[];
}

export class RowWriter {
  private readonly buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  private filled = 0;
  private readonly sizes: number[] = [];
  private readonly clicked: number[] = [];
  private rows = 0;
  private missed = 0;

  private constructor(
    private readonly folder: string,
    private readonly file: number,
    private readonly featureNames: readonly string[],
  ) {}

  /** Into a folder that is made. */
  static async create(folder: string, featureNames: readonly string[]): Promise<RowWriter> {
    await mkdir(folder, { recursive: true });
    return new RowWriter(folder, openSync(join(folder, FEATURES), 'w'), featureNames);
  }

  /** The rows of one query; `clicked` is the row of the item that was clicked. */
  add({ rows, values, width }: FeatureMatrix, clicked: number): void {
    const { buffer, file } = this;
    const bytes = Buffer.from(values.buffer, values.byteOffset, rows * width * FLOAT);
    if (this.filled + bytes.length > buffer.length) this.flush();
    if (bytes.length > buffer.length) writeSync(file, bytes);
    else this.filled += bytes.copy(buffer, this.filled);
    this.sizes.push(rows);
    this.clicked.push(clicked);
    this.rows += rows;
  }

  miss(): void {
    this.missed++;
  }

  async close(): Promise<RowCounts> {
    this.flush();
    closeSync(this.file);
    const { featureNames, sizes, clicked, rows, missed } = this;
    const counts = { queries: sizes.length, rows, missed };
    const file: RowFile = { featureNames, sizes, clicked, ...counts };
    await writeDurable(join(this.folder, DONE), Buffer.from(JSON.stringify(file)));
    return counts;
  }

  private flush(): void {
    writeSync(this.file, this.buffer, 0, this.filled);
    this.filled = 0;
  }
}

/** The rows of several folders, one after the other, as a trainer wants them. */
export async function readRows(folders: readonly string[]): Promise<RankerRows> {
  const files = await Promise.all(
    folders.map(async (folder) => JSON.parse(await readFile(join(folder, DONE), 'utf8')) as RowFile),
  );
  const featureNames = files[0]!.featureNames;
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  const values = new Float32Array(rows * featureNames.length);
  const labels = new Uint8Array(rows);
  const starts = new Int32Array(files.reduce((sum, { sizes }) => sum + sizes.length, 0) + 1);
  let query = 0;
  files.forEach(({ sizes, clicked }, at) => {
    const file = openSync(join(folders[at]!, FEATURES), 'r');
    let block = new Float32Array(0);
    sizes.forEach((size, own) => {
      const start = starts[query++]!;
      starts[query] = start + size;
      labels[start + clicked[own]!] = 1;
      const length = size * featureNames.length;
      block = grow(block, length);
      readSync(file, new Uint8Array(block.buffer, 0, length * FLOAT));
      for (let column = 0; column < featureNames.length; column++) {
        values.set(block.subarray(column * size, (column + 1) * size), column * rows + start);
      }
    });
    closeSync(file);
  });
  return { featureNames, rows, values, labels, starts, weights: null };
}
