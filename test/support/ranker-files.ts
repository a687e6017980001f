/** Hands the same rows to LightGBM: files for `test/bench/rivals/lambdamart.py`, and what it says of them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RankerRows } from '../../src/training/ranker/ranker-rows.js';

const SCRIPT = join(__dirname, '../bench/rivals/lambdamart.py');

export interface RivalFit {
  /** Milliseconds to sort rows into bins. */
  readonly bin: number;
  /** Milliseconds of each tree but the first. */
  readonly trees: readonly number[];
  /** NDCG@10 of the later queries. */
  readonly ndcg: number;
}

/** Sets whose queries all have the same number of rows. */
export interface RivalSets {
  readonly train: RankerRows;
  readonly test: RankerRows;
}

/** Writes the sets to a new folder. */
export function writeRivalFiles(sets: RivalSets): string {
  const folder = mkdtempSync(join(tmpdir(), 'ranker-'));
  const queries = (rows: RankerRows): number => rows.starts.length - 1;
  const shape = { rows: sets.train.starts[1], train: queries(sets.train), test: queries(sets.test) };
  writeFileSync(join(folder, 'shape.json'), JSON.stringify(shape));
  for (const [name, { values, labels }] of Object.entries<RankerRows>({ ...sets })) {
    writeFileSync(join(folder, `${name}.values`), values);
    writeFileSync(join(folder, `${name}.labels`), labels);
  }
  return folder;
}

export function removeRivalFiles(folder: string): void {
  rmSync(folder, { recursive: true });
}

/** @param python one that has lightgbm and numpy */
export function fitRival(
  python: string,
  folder: string,
  { threads, trees }: { threads: number; trees: number },
): RivalFit {
  return JSON.parse(execFileSync(python, [SCRIPT, folder, `${threads}`, `${trees}`], { encoding: 'utf8' })) as RivalFit;
}
