/** Small files of every format in a folder of their own, and everything that a reading of one gives. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { type Event } from '../../../src/events/event.js';
import { type ImportSourceOptions } from '../../../src/datasets/import/import-source.js';
import { readEvents, type ReadOptions } from '../../../src/datasets/import/read-events.js';
import { type Rejection } from '../../../src/datasets/import/rejection.js';

export const NOW = Date.UTC(2024, 0, 1);

export class SampleFiles {
  readonly folder = mkdtempSync(join(tmpdir(), 'recograph-import-test-'));

  write(name: string, content: string | Buffer): string {
    const file = join(this.folder, name);
    writeFileSync(file, content);
    return file;
  }

  lines(name: string, values: readonly unknown[]): string {
    return this.write(name, values.map((value) => `${JSON.stringify(value)}\n`).join(''));
  }

  /** The rows of a query as Parquet. */
  async parquet(name: string, query: string): Promise<string> {
    const file = join(this.folder, name);
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    await connection.run(`COPY (${query}) TO '${file}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    return file;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

export interface Reading {
  readonly events: Event[];
  readonly rejected: Rejection[];
  /** `rows` of each batch. */
  readonly rows: number[];
}

export async function readAll(options: ImportSourceOptions & Partial<ReadOptions>): Promise<Reading> {
  const reading: Reading = { events: [], rejected: [], rows: [] };
  for await (const batch of readEvents({ now: NOW, ...options })) {
    reading.events.push(...batch.events);
    reading.rejected.push(...batch.rejected);
    reading.rows.push(batch.rows);
  }
  return reading;
}
