/** One training set in shared memory with the scores of its rows: bins at first, then tree after tree. */
import { TrainingError } from '../training-error.js';
import { Team } from '../workers/team.js';
import { type Arrangement, arrangeRows } from './arrange-rows.js';
import { discountOf, gainOf, inverseIdealDcg } from './discounted-gain.js';
import { drawSample } from './draw-sample.js';
import { type FeatureBins } from './feature-bins.js';
import { type GrownTree } from './grown-tree.js';
import { initialScore } from './log-loss.js';
import { allocateRankerMemory, type RankerMemory, type SetMemory } from './ranker-memory.js';
import { MOST_LABEL, type RankerRows } from './ranker-rows.js';
import { type RankerSettings } from './ranker-settings.js';
import { type Phase, type Phases, type RankerTask, type RankerTaskDone } from './ranker-task.js';
import { noTime } from './ranker-thread.js';
import { type RankerWorkers } from './ranker-workers.js';
import { VALIDATION_K } from './validation-ndcg.js';

export interface SessionOptions {
  readonly workers: RankerWorkers;
  /** Ends what is running within a step of a tree; its reason is thrown. */
  readonly signal?: AbortSignal | undefined;
}

export interface RankerSets {
  readonly train: RankerRows;
  readonly validation: RankerRows | null;
}

export class RankerSession {
  /** Of all threads together. */
  readonly phases: Phases = noTime();
  /** Score that all rows start from. */
  readonly initialScore: number;

  private constructor(
    readonly memory: RankerMemory,
    readonly features: readonly FeatureBins[],
    private readonly settings: RankerSettings,
    private readonly options: SessionOptions,
  ) {
    const { train, weights } = memory;
    const starts = settings.objective === 'logloss' ? train.starts : null;
    this.initialScore = starts === null ? 0 : initialScore(train.labels, weights, starts);
    train.scores.fill(this.initialScore);
  }

  /** @throws TrainingError TOO_FEW_ROWS or TRAINING_SET_TOO_LARGE */
  static async open(sets: RankerSets, settings: RankerSettings, options: SessionOptions): Promise<RankerSession> {
    const { workers, signal } = options;
    signal?.throwIfAborted();
    const onlyTelling = settings.objective !== 'logloss';
    const order = arrangeRows(sets.train, { onlyTelling, seed: settings.seed });
    if (order.rows.length === 0)
      throw new TrainingError('TOO_FEW_ROWS', 'there is no query with rows of different relevance');
    const train = { ...sets.train, values: shared(sets.train.values) };
    const features = await findFeatures(train, settings.bins, workers);
    if (features.length === 0) throw new TrainingError('TOO_FEW_ROWS', 'there is no feature that varies');
    signal?.throwIfAborted();
    const judged = sets.validation && arrangeRows(sets.validation, { onlyTelling: true, seed: settings.seed });
    const memory = allocateRankerMemory({
      train: { rows: order.rows.length, queries: order.queries.length },
      validation: { rows: judged?.rows.length ?? 0, queries: judged?.queries.length ?? 0 },
      bins: features.map(({ bins }) => bins),
      longest: order.longest,
      leaves: settings.leaves,
      workers: workers.count,
    });
    const level = Math.min(settings.truncation, order.longest);
    fillSet(memory.train, { ...order, labels: train.labels, level });
    order.queries.forEach((query, at) => void (memory.weights[at] = train.weights?.[query] ?? 1));
    memory.gains.set(Array.from({ length: MOST_LABEL + 1 }, (_, label) => gainOf(label)));
    memory.discounts.forEach((_, rank) => void (memory.discounts[rank] = discountOf(rank)));
    if (judged) fillSet(memory.validation, { ...judged, labels: sets.validation!.labels, level: VALIDATION_K });
    fillOrder(memory);
    const session = new RankerSession(memory, features, settings, options);
    await workers.runEach((worker) => ({
      kind: 'open',
      shape: memory.shape,
      storage: memory.storage,
      worker,
      settings,
      features,
    }));
    await session.run({ kind: 'bin', set: 'train', values: train.values, rows: train.rows, places: order.rows });
    if (judged) {
      const { values, rows } = sets.validation!;
      await session.run({ kind: 'bin', set: 'validation', values: shared(values), rows, places: judged.rows });
    }
    return session;
  }

  /** Grows the next tree and adds it to all scores. Without a split it changes nothing. */
  async grow(tree: number): Promise<GrownTree> {
    const draw = drawSample(this.memory, this.settings, tree);
    const [first] = await this.run({ kind: 'grow', ...draw });
    return first!.tree!;
  }

  private async run(task: RankerTask): Promise<RankerTaskDone[]> {
    const { workers, signal } = this.options;
    const team = new Team(this.memory.control);
    const stop = (): void => team.stop();
    team.restart();
    signal?.throwIfAborted();
    signal?.addEventListener('abort', stop);
    try {
      const done = await workers.run(task);
      signal?.throwIfAborted();
      for (const { phases } of done)
        for (const phase of Object.keys(phases) as Phase[]) this.phases[phase] += phases[phase];
      return done;
    } catch (error) {
      // Others may wait for a thread that failed.
      stop();
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }
}

/** Columns that vary, in their order. */
async function findFeatures(train: RankerRows, most: number, workers: RankerWorkers): Promise<FeatureBins[]> {
  const { values, rows } = train;
  const tasks = { kind: 'find-bins', values, rows, most, workers: workers.count } as const;
  const found = await workers.runEach((worker) => ({ ...tasks, worker }));
  return found
    .flatMap(({ bins }) => bins)
    .filter((bins) => bins !== null)
    .sort((a, b) => a.feature - b.feature);
}

function fillSet(
  set: SetMemory,
  { rows, starts, labels, level }: Arrangement & { readonly labels: Uint8Array; readonly level: number },
): void {
  set.starts.set(starts);
  rows.forEach((row, at) => void (set.labels[at] = labels[row]!));
  set.inverseIdeal.forEach((_, query) => {
    set.inverseIdeal[query] = inverseIdealDcg(set.labels.slice(starts[query], starts[query + 1]), level);
  });
}

function fillOrder({ order, train: { starts } }: RankerMemory): void {
  for (let query = 0; query + 1 < starts.length; query++)
    for (let row = starts[query]!; row < starts[query + 1]!; row++) order[row] = row - starts[query]!;
}

/** The same values where all threads can read them. */
function shared(values: Float32Array): Float32Array {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}
