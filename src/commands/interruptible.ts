/** Work that SIGTERM and SIGINT end early and in order; a second signal ends the process at once, as it would without this. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type EventSource } from '../events/event-source.js';
import { CommandError } from './options.js';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
/** Events handed over between two turns of the event loop, in which a signal is seen. Lists may be made for each. */
const AT_ONCE = 512;

/** Runs it with a signal whose reason is a `CommandError` INTERRUPTED. */
export async function interruptible<Result>(run: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const unhandle = (): void => SIGNALS.forEach((name) => process.off(name, end));
  const end = (name: NodeJS.Signals): void => {
    unhandle();
    controller.abort(new CommandError('INTERRUPTED', `ended by ${name} before it was done`));
  };
  SIGNALS.forEach((name) => process.on(name, end));
  try {
    return await run(controller.signal);
  } finally {
    unhandle();
  }
}

/** The same events; a reading of them throws the signal's reason. A log alone would be read in one turn of the event loop. */
export function endedBy(signal: AbortSignal, source: EventSource): EventSource {
  return {
    fingerprint: source.fingerprint,
    markOf: (position) => source.markOf(position),
    inTimeOrder: source.inTimeOrder,
    async *read(after) {
      for await (const entries of source.read(after)) {
        for (let start = 0; start < entries.length; start += AT_ONCE) {
          await nextTurn();
          signal.throwIfAborted();
          yield entries.slice(start, start + AT_ONCE);
        }
      }
    },
  };
}
