/** The thread of a worker: takes chunks off the shared queue until a task is done. Results don't depend on who takes which. */
import { parentPort } from 'node:worker_threads';
import { AlsRowSolver, ridgeOf } from '../../math/als-row.js';
import { addGram } from '../../math/gram.js';
import { topK } from '../../math/top-k.js';
import { type AlsMemory, GRAM_PARTS, NEXT_CHUNK, STOP, viewAlsMemory } from './als-memory.js';
import { type AlsTask, CHUNK } from './als-task.js';

let memory: AlsMemory;

parentPort!.on('message', (task: AlsTask) => {
  const from = performance.now();
  if (task.kind === 'open') memory = viewAlsMemory(task.shape, task.buffer);
  else if (task.kind === 'gram') gram(task);
  else if (task.kind === 'solve') solve(task);
  else rank(task);
  parentPort!.postMessage({ busyMs: performance.now() - from });
});

/** Ranges of `size` out of `total`, each to one worker only. */
function* chunks(total: number, size: number): Generator<{ readonly chunk: number; from: number; to: number }> {
  const { control } = memory;
  while (Atomics.load(control, STOP) === 0) {
    const chunk = Atomics.add(control, NEXT_CHUNK, 1);
    if (chunk * size >= total) return;
    yield { chunk, from: chunk * size, to: Math.min(total, (chunk + 1) * size) };
  }
}

function gram({ side }: AlsTask & { kind: 'gram' }): void {
  const { rows, factors } = memory[side];
  const width = memory.shape.factors;
  for (const { chunk, from, to } of chunks(rows, Math.ceil(rows / GRAM_PARTS)))
    addGram(factors, width, { from, to }, partOf(chunk));
}

function partOf(chunk: number): Float32Array {
  const size = memory.gram.length;
  return memory.gramParts.subarray(chunk * size, (chunk + 1) * size);
}

function solve({ side, precision, ...settings }: AlsTask & { kind: 'solve' }): void {
  const width = memory.shape.factors;
  const { rows, columns, starts, indexes, weights, factors } = memory[side];
  const other = memory[side === 'user' ? 'item' : 'user'];
  const solver = new AlsRowSolver({ factors: other.factors, gram: memory.gram, width });
  for (const chunk of chunks(rows, CHUNK))
    for (let row = chunk.from; row < chunk.to; row++) {
      const [from, to] = [starts[row]!, starts[row + 1]!];
      const ridge = ridgeOf(to - from, columns, settings);
      const vector = factors.subarray(row * width, (row + 1) * width);
      solver.solve(vector, { indexes, weights, from, to, ridge }, precision);
    }
}

function rank({ queries, k }: AlsTask & { kind: 'rank' }): void {
  const { user, item, ranked } = memory;
  const scores = new Float32Array(item.rows);
  for (const chunk of chunks(queries, CHUNK))
    for (let query = chunk.from; query < chunk.to; query++) {
      const index = memory.queries[query]!;
      score(index, scores);
      for (let at = user.starts[index]!; at < user.starts[index + 1]!; at++) scores[user.indexes[at]!] = -Infinity;
      const best = topK(scores, scores.length, k);
      for (let at = 0; at < k; at++)
        ranked[query * k + at] = at < best.length && scores[best[at]!]! > -Infinity ? best[at]! : -1;
    }
}

/** scores[i] = dot(user, item i) */
function score(user: number, scores: Float32Array): void {
  const width = memory.shape.factors;
  const factors = memory.item.factors;
  const vector = Float64Array.from(memory.user.factors.subarray(user * width, (user + 1) * width));
  for (let item = 0; item < scores.length; item++) {
    const base = item * width;
    let even = 0;
    let odd = 0;
    let at = 0;
    for (; at + 1 < width; at += 2) {
      even += factors[base + at]! * vector[at]!;
      odd += factors[base + at + 1]! * vector[at + 1]!;
    }
    if (at < width) even += factors[base + at]! * vector[at]!;
    scores[item] = even + odd;
  }
}
