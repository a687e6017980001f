/** A few threads that run the tasks of one fit after another; starting them once keeps their compiled code warm. */
import { type Worker } from 'node:worker_threads';
import { startThread } from '../../threads/start-thread.js';
import { TrainingError } from '../training-error.js';

export class TaskWorkers<Task, Done> {
  private readonly workers: Worker[];

  /** @param file the threads' module, without its extension: it answers each message, a task, with one message */
  constructor(
    file: string,
    readonly count: number,
  ) {
    this.workers = Array.from({ length: count }, () => startThread(file));
  }

  /**
   * Runs a task in all threads; resolves to their answers, rejects when one fails.
   * @throws TrainingError
   */
  async run(task: Task): Promise<Done[]> {
    return this.runEach(() => task);
  }

  /** The same, each thread with a task of its own by its number from 0. */
  async runEach(taskOf: (worker: number) => Task): Promise<Done[]> {
    return Promise.all(this.workers.map((worker, at) => this.answer(worker, taskOf(at))));
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private answer(worker: Worker, task: Task): Promise<Done> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        worker.off('message', done).off('error', failed).off('exit', ended);
      };
      const done = (message: Done): void => {
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
}
