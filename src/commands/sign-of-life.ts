/**
 * Signs of life of a worker, by message to its primary, so that one that hangs is told from one that has nothing to do. The primary
 * counts looks, not time: where it stood still itself, with the whole machine perhaps, nobody is blamed for that.
 */
import { type Worker } from 'node:cluster';

/** The variable that tells a worker its number, from 1. */
export const WORKER_VARIABLE = 'RECOGRAPH_WORKER';

/** Signs, and looks for them, within the time that a worker may be silent. */
const LOOKS = 4;

/** In a worker, from when it serves: the first sign says so. */
export function giveSigns(silenceMs: number): void {
  // A primary that is gone needs none.
  const sign = (): void => void process.send!('serving', undefined, undefined, () => undefined);
  sign();
  setInterval(sign, silenceMs / LOOKS).unref();
}

/** In the primary, from the first sign of a worker until it ends. */
export function watchSigns(worker: Worker, silenceMs: number, onSilence: () => void): void {
  let looks = 0;
  const looking = setInterval(() => {
    // Between so many looks lies the whole time.
    if (++looks === LOOKS + 1) onSilence();
  }, silenceMs / LOOKS);
  worker.on('message', () => (looks = 0)).once('exit', () => clearInterval(looking));
}
