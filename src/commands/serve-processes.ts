/**
 * `recograph serve --processes N`: a primary process that serves nothing itself and keeps N workers, each a whole server over the same
 * data folder and port. One that dies is started again after a wait that doubles; the server ends, with 1, where the
 * first start fails or a worker ends five times in a row before it listened. One that hangs is killed: while it serves, when it gives no sign of
 * life; while it drains, when its time is over or at a second signal. Training runs once, in the primary.
 */
import cluster, { type Worker } from 'node:cluster';
import { pino } from 'pino';
import { type Config } from '../config.js';
import { repeatTraining, type TrainingSchedule } from './serve.js';
import { watchSigns, WORKER_VARIABLE } from './sign-of-life.js';

const FIRST_WAIT_MS = 100;
const FAILURES_IN_A_ROW = 5;
/** Workers end by themselves when their time to drain is over; later than that they hang, ms. */
const DRAIN_MARGIN_MS = 2_000;

export async function serveProcesses(config: Config, training: TrainingSchedule | undefined): Promise<void> {
  const logger = pino({ level: config.logLevel, base: null });
  const workers = new Map<number, Worker>();
  const failures = new Map<number, number>();
  /** Starts to come. With all workers dead they alone keep the primary alive. */
  const restarts = new Set<NodeJS.Timeout>();
  let everReady = false;
  let ending = false;

  const start = (number: number): void => {
    if (ending) return;
    const worker = cluster.fork({ [WORKER_VARIABLE]: String(number) });
    workers.set(number, worker);
    let ready = false;
    // Only a worker that serves says anything.
    worker.once('message', () => {
      ready = everReady = true;
      failures.delete(number);
      watchSigns(worker, config.workerSilenceMs, () => {
        logger.error({ worker: number }, 'a process gave no sign of life and is killed');
        worker.process.kill('SIGKILL');
      });
    });
    worker.once('exit', (code, signal) => {
      workers.delete(number);
      if (ending) {
        if (code !== 0) process.exitCode = 1;
        return;
      }
      const failed = ready ? 0 : (failures.get(number) ?? 0) + 1;
      failures.set(number, failed);
      logger.error({ worker: number, code, signal }, 'a process ended');
      if (!everReady || failed === FAILURES_IN_A_ROW) {
        process.exitCode = 1;
        logger.fatal({ worker: number }, 'a process never got ready; the server ends');
        end('SIGTERM');
      } else {
        const restart = setTimeout(
          () => {
            restarts.delete(restart);
            start(number);
          },
          FIRST_WAIT_MS * 2 ** failed,
        );
        restarts.add(restart);
      }
    });
  };
  const repeated = training && (await repeatTraining(config, training, logger));
  const killAll = (): void => {
    logger.error({ workers: [...workers.keys()] }, 'processes that have not drained are killed');
    for (const worker of workers.values()) worker.process.kill('SIGKILL');
  };
  /** Workers drain by themselves; the primary ends when the last one has. */
  const end = (signal: NodeJS.Signals): void => {
    if (ending) return killAll();
    ending = true;
    logger.info({ signal }, 'draining all processes');
    void repeated?.stop();
    for (const restart of restarts) clearTimeout(restart);
    for (const worker of workers.values()) worker.process.kill('SIGTERM');
    setTimeout(killAll, config.drainDelayMs + config.drainMs + DRAIN_MARGIN_MS).unref();
  };
  process.on('SIGTERM', end).on('SIGINT', end);
  process.on('SIGHUP', () => {
    for (const worker of workers.values()) worker.process.kill('SIGHUP');
  });
  for (let number = 1; number <= config.processes; number++) start(number);
}
