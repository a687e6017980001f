/**
 * Seconds of one round (users and items) of implicit ALS on random pairs, and where they go. Defaults: 2 million pairs of
 * 50,000 users and 30,000 items, 64 factors, 2 workers.
 * node --require ./test/support/register-swc.cjs test/bench/als.bench.ts [FACTORS] [WORKERS] [PAIRS]
 */
import { seededRandom } from '../../src/math/random.js';
import { type SparseMatrix, sparseMatrix } from '../../src/math/sparse-matrix.js';
import { AlsSession } from '../../src/training/als/als-session.js';
import { DEFAULT_ALS_SETTINGS } from '../../src/training/als/als-settings.js';
import { AlsWorkers } from '../../src/training/als/als-workers.js';

const USERS = 50_000;
const ITEMS = 30_000;
const ROUNDS = 7;
const LISTS = 1_000;

/** Popularity of items and activity of users fall off as in real logs. */
function randomPairs(count: number): SparseMatrix {
  const random = seededRandom(1);
  const skewed = (size: number): number => Math.floor(size * random.next() ** 2);
  const rowOf = Int32Array.from({ length: count }, () => skewed(USERS));
  const columnOf = Int32Array.from({ length: count }, () => skewed(ITEMS));
  return sparseMatrix({ rows: USERS, columns: ITEMS, rowOf, columnOf });
}

async function main(factors = 64, count = 2, pairs = 2_000_000): Promise<void> {
  const matrix = randomPairs(pairs);
  const settings = { ...DEFAULT_ALS_SETTINGS, factors };
  const workers = new AlsWorkers(count);
  const session = await AlsSession.open(matrix, { factors, queries: LISTS, k: 20 }, { workers });
  session.seedFactors(1);
  const steps = { steps: settings.steps, tolerance: 0 };
  const seconds: number[] = [];
  const { timing } = session;
  let cpuBefore = process.cpuUsage();
  for (let round = 0; round <= ROUNDS; round++) {
    const from = performance.now();
    await session.halfStep('user', settings, steps);
    await session.halfStep('item', settings, steps);
    if (round > 0) {
      seconds.push((performance.now() - from) / 1000);
      continue;
    }
    // The compiler's own time.
    Object.assign(timing, { gramMs: 0, solveMs: 0, waitingMs: 0 });
    cpuBefore = process.cpuUsage();
  }
  seconds.sort((a, b) => a - b);
  const [least, median, most] = [seconds[0]!, seconds[ROUNDS >> 1]!, seconds.at(-1)!].map((value) => value.toFixed(3));
  console.log(`${matrix.indexes.length} pairs, ${factors} factors, ${count} workers, ${settings.steps} steps`);
  const cpu = process.cpuUsage(cpuBefore);
  const cpuSeconds = (cpu.user + cpu.system) / 1e6 / ROUNDS;
  console.log(`a round: median ${median} s, ${least} to ${most} s; ${cpuSeconds.toFixed(3)} s of CPU`);
  const all = seconds.reduce((sum, value) => sum + value, 0) * count * 1000;
  const part = (ms: number): string => `${((ms / all) * 100).toFixed(1)} %`;
  const rest = all - timing.gramMs - timing.solveMs - timing.waitingMs;
  console.log(
    `  Gram ${part(timing.gramMs)}, rows ${part(timing.solveMs)}, waiting ${part(timing.waitingMs)}, between tasks ${part(rest)}`,
  );
  const from = performance.now();
  await session.rank(
    Int32Array.from({ length: LISTS }, (_, user) => user),
    20,
  );
  console.log(`${LISTS} lists of 20: ${((performance.now() - from) / 1000).toFixed(3)} s`);
  await workers.close();
}

void main(...process.argv.slice(2).map(Number));
