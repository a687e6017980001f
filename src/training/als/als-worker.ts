/** The thread of a worker: takes chunks off the shared queue until a task is done. Results don't depend on who takes which. */
import { parentPort } from 'node:worker_threads';
import { ridgeOf } from '../../math/als-row.js';
import { topOfColumn } from '../../math/top-of-column.js';
import { type AlsKernel, kernelFor } from './als-kernel.js';
import { Team } from '../workers/team.js';
import { type AlsMemory, GRAM_PARTS, viewAlsMemory } from './als-memory.js';
import { type AlsTask, CHUNK } from './als-task.js';

/** Users that are scored at once. */
const QUERIES = 4;

let memory: AlsMemory;
let kernel: AlsKernel;
let scores: Float32Array;
let team: Team;

parentPort!.on('message', (task: AlsTask) => {
  const from = performance.now();
  if (task.kind === 'open') open(task);
  else if (task.kind === 'gram') gram(task);
  else if (task.kind === 'solve') solve(task);
  else rank(task);
  parentPort!.postMessage({ busyMs: performance.now() - from });
});

function open({ shape, storage, worker }: AlsTask & { kind: 'open' }): void {
  memory = viewAlsMemory(shape, storage);
  team = new Team(memory.control);
  kernel = kernelFor(memory, worker);
  scores = memory.scores[worker]!;
}

function gram({ side }: AlsTask & { kind: 'gram' }): void {
  const { rows } = memory[side];
  for (const { chunk, ...range } of team.chunks(rows, Math.ceil(rows / GRAM_PARTS))) kernel.addGram(side, range, chunk);
}

function solve({ side, precision, ...settings }: AlsTask & { kind: 'solve' }): void {
  const width = memory.shape.factors;
  const { rows, columns, starts, indexes, weights, factors } = memory[side];
  kernel.openSide(side);
  for (const chunk of team.chunks(rows, CHUNK))
    for (let row = chunk.from; row < chunk.to; row++) {
      const [from, to] = [starts[row]!, starts[row + 1]!];
      const ridge = ridgeOf(to - from, columns, settings);
      if (from === to) factors.fill(0, row * width, (row + 1) * width);
      else kernel.solveRow(row, { indexes, weights, from, to, ridge }, precision);
    }
}

function rank({ queries, k }: AlsTask & { kind: 'rank' }): void {
  const { user, item, ranked } = memory;
  const values = new Float32Array(k);
  kernel.openSide('user');
  for (const { from, to } of team.chunks(queries, QUERIES)) {
    const userAt = (at: number): number => memory.queries[Math.min(at, to - 1)]!;
    kernel.score4([userAt(from), userAt(from + 1), userAt(from + 2), userAt(from + 3)], scores);
    for (let query = from; query < to; query++) {
      const column = query - from;
      const index = userAt(query);
      for (let at = user.starts[index]!; at < user.starts[index + 1]!; at++)
        scores[QUERIES * user.indexes[at]! + column] = -Infinity;
      const list = ranked.subarray(query * k, (query + 1) * k);
      topOfColumn(scores, { column, columns: QUERIES, rows: item.rows }, list, values);
    }
  }
}
