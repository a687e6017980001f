/** One matrix in shared memory with its factors: seed, half-steps, ranking. `fitAls` and `rankItems` are written with it. */
import { type Precision } from '../../math/als-row.js';
import { mirror } from '../../math/gram.js';
import { seededRandom } from '../../math/random.js';
import { type SparseMatrix, transpose } from '../../math/sparse-matrix.js';
import { Team } from '../workers/team.js';
import { allocateAlsMemory, type AlsMemory, GRAM_PARTS } from './als-memory.js';
import { type AlsSettings } from './als-settings.js';
import { type AlsTask, type Side } from './als-task.js';
import { type AlsWorkers } from './als-workers.js';

export interface SessionOptions {
  readonly workers: AlsWorkers;
  /** Ends what is running within a chunk of rows; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

/** Milliseconds: `gramMs` and `solveMs` are the time of all workers together, `waitingMs` what they idled meanwhile. */
export interface Timing {
  gramMs: number;
  solveMs: number;
  waitingMs: number;
}

export class AlsSession {
  readonly timing: Timing = { gramMs: 0, solveMs: 0, waitingMs: 0 };

  private constructor(
    readonly memory: AlsMemory,
    private readonly options: SessionOptions,
  ) {}

  static async open(
    matrix: SparseMatrix,
    shape: { readonly factors: number; readonly queries: number; readonly k: number },
    options: SessionOptions,
  ): Promise<AlsSession> {
    options.signal?.throwIfAborted();
    const { factors, queries, k } = shape;
    const sizes = { users: matrix.rows, items: matrix.columns, pairs: matrix.indexes.length };
    const { workers } = options;
    const memory = allocateAlsMemory({ ...sizes, factors, queries, ranked: queries * k, workers: workers.count });
    fill(memory.user, matrix);
    fill(memory.item, transpose(matrix));
    await workers.runEach((worker) => ({ kind: 'open', shape: memory.shape, storage: memory.storage, worker }));
    return new AlsSession(memory, options);
  }

  /** Items at random by seed and row, standard deviation 0.1 / sqrt(factors) as in Rendle et al. 2021; users at zero. */
  seedFactors(seed: number): void {
    const { item, user, shape } = this.memory;
    const reach = (Math.sqrt(3) * 0.1) / Math.sqrt(shape.factors);
    for (let row = 0; row < item.rows; row++) {
      const random = seededRandom(seed, row);
      for (let at = row * shape.factors; at < (row + 1) * shape.factors; at++)
        item.factors[at] = (2 * random.next() - 1) * reach;
    }
    user.factors.fill(0);
  }

  /** Solves all rows of a side, the other side fixed. */
  async halfStep(side: Side, settings: AlsSettings, precision: Precision): Promise<void> {
    const { gram, gramParts, shape } = this.memory;
    gramParts.fill(0);
    this.timing.gramMs += await this.run({ kind: 'gram', side: side === 'user' ? 'item' : 'user' });
    gram.fill(0);
    for (let part = 0; part < GRAM_PARTS; part++)
      for (let at = 0; at < gram.length; at++) gram[at]! += gramParts[part * gram.length + at]!;
    for (let at = 0; at < gram.length; at++) gram[at]! *= settings.unobservedWeight;
    mirror(gram, shape.factors);
    const { regularisation, unobservedWeight, frequencyExponent } = settings;
    this.timing.solveMs += await this.run({
      kind: 'solve',
      side,
      precision,
      regularisation,
      unobservedWeight,
      frequencyExponent,
    });
  }

  /** The k best items of each user, best first, users x k, without those of the user's row; -1 where there are fewer. */
  async rank(users: Int32Array, k: number): Promise<Int32Array> {
    this.memory.queries.set(users);
    await this.run({ kind: 'rank', queries: users.length, k });
    return this.memory.ranked.slice(0, users.length * k);
  }

  private async run(task: AlsTask): Promise<number> {
    const { workers, signal } = this.options;
    const team = new Team(this.memory.control);
    const stop = (): void => team.stop();
    team.restart();
    signal?.throwIfAborted();
    signal?.addEventListener('abort', stop);
    const from = performance.now();
    try {
      const busyMs = (await workers.run(task)).reduce((sum, done) => sum + done.busyMs, 0);
      signal?.throwIfAborted();
      this.timing.waitingMs += (performance.now() - from) * workers.count - busyMs;
      return busyMs;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
}

function fill(side: { starts: Int32Array; indexes: Int32Array; weights: Float32Array }, matrix: SparseMatrix): void {
  side.starts.set(matrix.starts);
  side.indexes.set(matrix.indexes);
  side.weights.set(matrix.weights);
}
