/** The arithmetic of a worker over the shared memory. Plain and compiled kernels agree to float32's precision. */
import { type AlsRow, type Precision } from '../../math/als-row.js';
import { type RowRange } from '../../math/gram.js';
import { type AlsMemory } from './als-memory.js';
import { type Side } from './als-task.js';
import { compiledKernel } from './compiled-kernel.js';
import { plainKernel } from './plain-kernel.js';

export interface AlsKernel {
  /** Adds the Gram matrix of these rows of a side to a part of the sum, upper triangle. */
  addGram(side: Side, rows: RowRange, part: number): void;
  /** Solves rows of this side from now on. */
  openSide(side: Side): void;
  /** Improves the vector of a row of the open side; the row lies in that side's arrays. */
  solveRow(index: number, row: AlsRow, precision: Precision): void;
  /** scores[4 i + q] = dot(item i, user q of the four). */
  score4(users: readonly [number, number, number, number], scores: Float32Array): void;
}

/** The kernel for this memory; `worker` counts from 0. */
export function kernelFor(memory: AlsMemory, worker: number): AlsKernel {
  return memory.storage instanceof SharedArrayBuffer ? plainKernel(memory) : compiledKernel(memory, worker);
}
