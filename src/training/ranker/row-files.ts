/**
 * The rows that a ranker is fitted to, on disk: one block a query, its features column by column, then what each row is
 * worth. They are written as a replay goes, so memory is bounded; `rows.json` comes last and says that all of it is there.
 */
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FeatureMatrix } from '../../engine/trees/tree-ensemble.js';
import { writeDurable } from '../../disk/durable-file.js';
import { grow } from '../../math/grow.js';
import { TrainingError } from '../training-error.js';
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
    if (bytes.length > buffer.length) writeAll(file, bytes);
    else this.filled += bytes.copy(buffer, this.filled);
    this.sizes.push(rows);
    this.clicked.push(clicked);
    this.rows += rows;
  }

  miss(): void {
    this.missed++;
  }

  async close(): Promise<RowCounts> {
    try {
      this.flush();
      fsyncSync(this.file);
    } finally {
      closeSync(this.file);
    }
    const { featureNames, sizes, clicked, rows, missed } = this;
    const counts = { queries: sizes.length, rows, missed };
    const file: RowFile = { featureNames, sizes, clicked, ...counts };
    await writeDurable(join(this.folder, DONE), Buffer.from(JSON.stringify(file)));
    return counts;
  }

  /** Ends without the file that says that all of it is there. */
  discard(): void {
    closeSync(this.file);
  }

  private flush(): void {
    writeAll(this.file, this.buffer.subarray(0, this.filled));
    this.filled = 0;
  }
}

export interface RowSelection {
  /** Folders of rows, one after the other. */
  readonly folders: readonly string[];
  /** Queries from..to of all of them, counted from 0. */
  readonly from?: number;
  readonly to?: number;
  /** Features that are wanted, in their order; all where not given. */
  readonly featureNames?: readonly string[];
}

/** Rows as a trainer wants them: of all rows together, column by column. */
export async function readRows({ folders, from = 0, to = Infinity, featureNames }: RowSelection): Promise<RankerRows> {
  const files = await Promise.all(folders.map((folder) => readFileOf(folder)));
  const names = featureNames ?? files[0]!.featureNames;
  const columns = Int32Array.from(names, (name) => files[0]!.featureNames.indexOf(name));
  const unknown = columns.indexOf(-1);
  if (unknown !== -1) throw new TrainingError('BAD_TRAINING_SET', `the rows have no feature "${names[unknown]}"`);
  const sizes = files.flatMap((file) => file.sizes);
  const clicked = files.flatMap((file) => file.clicked).slice(from, to);
  const starts = new Int32Array(clicked.length + 1);
  clicked.forEach((_, query) => (starts[query + 1] = starts[query]! + sizes[from + query]!));
  const rows = starts[clicked.length]!;
  // Threads read shared memory in place.
  const values = new Float32Array(new SharedArrayBuffer(rows * names.length * FLOAT));
  const labels = new Uint8Array(rows);
  clicked.forEach((row, query) => (labels[starts[query]! + row] = 1));
  let number = 0;
  folders.forEach((folder, at) => {
    for (const { block, size } of blocksOf(folder, files[at]!)) {
      const query = number++ - from;
      if (query < 0 || query >= clicked.length) continue;
      columns.forEach((column, place) =>
        values.set(block.subarray(column * size, (column + 1) * size), place * rows + starts[query]!),
      );
    }
  });
  return { featureNames: names, rows, values, labels, starts, weights: null };
}

async function readFileOf(folder: string): Promise<RowFile> {
  return JSON.parse(await readFile(join(folder, DONE), 'utf8')) as RowFile;
}

/** Rows of each query in their order, as columns: the query's number, its features, and whether the row was clicked. */
export async function rowColumns(folder: string): Promise<{
  readonly featureNames: readonly string[];
  readonly queries: Iterable<readonly ArrayLike<number>[]>;
}> {
  const file = await readFileOf(folder);
  const { featureNames, clicked } = file;
  function* queries(): Generator<readonly ArrayLike<number>[]> {
    let query = 0;
    for (const { block, size } of blocksOf(folder, file)) {
      const features = featureNames.map((_, column) => block.subarray(column * size, (column + 1) * size));
      const labels = new Uint8Array(size);
      labels[clicked[query]!] = 1;
      yield [new Int32Array(size).fill(query++), ...features, labels];
    }
  }
  return { featureNames, queries: queries() };
}

/** The features of each query, column by column; a block is valid until the next one. */
function* blocksOf(
  folder: string,
  { sizes, featureNames }: Pick<RowFile, 'sizes' | 'featureNames'>,
): Generator<{ readonly block: Float32Array; readonly size: number }> {
  const file = openSync(join(folder, FEATURES), 'r');
  try {
    let block = new Float32Array(0);
    for (const size of sizes) {
      const length = size * featureNames.length;
      block = grow(block, length);
      readAll(file, new Uint8Array(block.buffer, 0, length * FLOAT), folder);
      yield { block, size };
    }
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}

/** @throws TrainingError BAD_TRAINING_SET where the file ends before */
function readAll(file: number, bytes: Uint8Array, folder: string): void {
  for (let read = 0; read < bytes.length;) {
    const more = readSync(file, bytes, read, bytes.length - read, null);
    if (more === 0) throw new TrainingError('BAD_TRAINING_SET', `the rows in ${folder} end too soon`);
    read += more;
  }
}
