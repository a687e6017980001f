/** Starts threads of modules beside the one that asks, from what was compiled and from sources alike. */
import { extname } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';

const EXTENSION = extname(__filename);
// Run from sources, a thread needs the hook that compiles them; the compiled file needs nothing.
const OPTIONS = EXTENSION === '.ts' ? { execArgv: process.execArgv } : {};

/** @param file the thread's module, without its extension */
export function startThread(file: string, options: WorkerOptions = {}): Worker {
  return new Worker(`${file}${EXTENSION}`, { ...OPTIONS, ...options });
}
