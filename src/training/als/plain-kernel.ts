/** The kernel in plain TypeScript: for memory beyond the reach of the compiled one, and what that one is checked against. */
import { AlsRowSolver } from '../../math/als-row.js';
import { addGram } from '../../math/gram.js';
import { type AlsKernel } from './als-kernel.js';
import { type AlsMemory } from './als-memory.js';
import { type Side } from './als-task.js';

export function plainKernel(memory: AlsMemory): AlsKernel {
  const { gram, gramParts, shape } = memory;
  const width = shape.factors;
  let open: { readonly factors: Float32Array; readonly solver: AlsRowSolver };
  const vectorOf = (side: Side, row: number): Float32Array =>
    memory[side].factors.subarray(row * width, (row + 1) * width);
  return {
    addGram(side, rows, part) {
      addGram(memory[side].factors, width, rows, gramParts.subarray(part * gram.length, (part + 1) * gram.length));
    },
    openSide(side) {
      const other = memory[side === 'user' ? 'item' : 'user'];
      const solver = new AlsRowSolver({ factors: other.factors, gram, width });
      open = { factors: memory[side].factors, solver };
    },
    solveRow(index, row, precision) {
      open.solver.solve(open.factors.subarray(index * width, (index + 1) * width), row, precision);
    },
    score4(users, scores) {
      users.forEach((user, at) => {
        const vector = vectorOf('user', user);
        for (let item = 0; item < shape.items; item++) {
          let sum = 0;
          for (let factor = 0; factor < width; factor++)
            sum += vector[factor]! * memory.item.factors[item * width + factor]!;
          scores[4 * item + at] = sum;
        }
      });
    },
  };
}
