/** A few threads that run the tasks of one fit after another; starting them once keeps their compiled code warm. */
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { TrainingError } from './als-settings.js';
import { type AlsTask, type AlsTaskDone } from './als-task.js';

const EXTENSION = extname(__filename);
const FILE = join(__dirname, `als-worker${EXTENSION}`);
// Run from sources, a worker needs the hook that compiles them; the compiled file needs nothing.
const OPTIONS = EXTENSION === '.ts' ? { execArgv: process.execArgv } : {};

export class AlsWorkers {
  private readonly workers: Worker[];

  constructor(readonly count: number) {
    this.workers = Array.from({ length: count }, () => new Worker(FILE, OPTIONS));
  }

  /**
   * Runs a task in all threads; resolves to the milliseconds that each was busy, rejects when one fails.
   * @throws TrainingError
   */
  async run(task: AlsTask): Promise<number[]> {
    return this.runEach(() => task);
  }

  /** The same, each thread with a task of its own by its number from 0. */
  async runEach(taskOf: (worker: number) => AlsTask): Promise<number[]> {
    const answers = await Promise.all(this.workers.map((worker, at) => answer(worker, taskOf(at))));
    return answers.map(({ busyMs }) => busyMs);
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

function answer(worker: Worker, task: AlsTask): Promise<AlsTaskDone> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      worker.off('message', done).off('error', failed).off('exit', ended);
    };
    const done = (message: AlsTaskDone): void => {
      settle();
      resolve(message);
    };
    const failed = (cause: unknown): void => {
      settle();
      reject(new TrainingError('WORKER_FAILED', `a training worker failed: ${String(cause)}`, { cause }));
    };
    const ended = (code: number): void => failed(`it ended with ${code}`);
    worker.on('message', done).on('error', failed).on('exit', ended);
    worker.postMessage(task);
  });
}
