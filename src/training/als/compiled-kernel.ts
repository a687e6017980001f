/** The kernel of `kernels/als.ts`, compiled to WebAssembly by the build: this file only turns arrays into pointers. */
import { loadKernel } from '../workers/load-kernel.js';
import { type AlsKernel } from './als-kernel.js';
import { type AlsMemory } from './als-memory.js';

const FLOAT = 4;

/** The exports of `kernels/als.ts`. */
interface Exports {
  addGram(factors: number, width: number, from: number, to: number, sum: number): void;
  openSide(factors: number, gram: number, width: number, scratch: number): void;
  solveRow(
    ...row: [
      vector: number,
      indexes: number,
      weights: number,
      count: number,
      ridge: number,
      steps: number,
      share: number,
    ]
  ): void;
  score4(...call: [a: number, b: number, c: number, d: number, items: number, count: number, scores: number]): void;
}

export function compiledKernel(memory: AlsMemory, worker: number): AlsKernel {
  const exports = loadKernel('als', memory.storage as WebAssembly.Memory) as Exports;
  const { gram, gramParts, shape, vectors } = memory;
  const width = shape.factors * FLOAT;
  const gramBytes = gram.length * FLOAT;
  let open = { vectors: 0, indexes: 0, weights: 0 };
  return {
    addGram(side, { from, to }, part) {
      exports.addGram(memory[side].factors.byteOffset, width, from, to, gramParts.byteOffset + part * gramBytes);
    },
    openSide(side) {
      const { factors, indexes, weights } = memory[side];
      const other = memory[side === 'user' ? 'item' : 'user'];
      open = { vectors: factors.byteOffset, indexes: indexes.byteOffset, weights: weights.byteOffset };
      exports.openSide(other.factors.byteOffset, gram.byteOffset, width, vectors[worker]!.byteOffset);
    },
    solveRow(index, { from, to, ridge }, { steps, tolerance }) {
      const vector = open.vectors + index * width;
      const [indexes, weights] = [open.indexes + from * FLOAT, open.weights + from * FLOAT];
      exports.solveRow(vector, indexes, weights, to - from, ridge, steps, tolerance * tolerance);
    },
    score4(users, scores) {
      const [a, b, c, d] = users.map((user) => memory.user.factors.byteOffset + user * width);
      exports.score4(a!, b!, c!, d!, memory.item.factors.byteOffset, shape.items, scores.byteOffset);
    },
  };
}
