/** The events that a command works on: files of interactions, or the log. */
import { type Config } from '../config.js';
import { clickFiles } from '../datasets/click-files.js';
import { checkFormat } from '../datasets/import/formats.js';
import { type EventSource, logSource } from '../events/event-source.js';
import { openWrittenLog } from '../open-log.js';
import { warn } from './warn.js';

/** @throws ImportError, LogUnavailableError */
export async function openEvents(
  config: Config,
  { clicks, format }: { readonly clicks?: readonly string[]; readonly format: string },
): Promise<{ readonly source: EventSource; readonly close: () => Promise<void> }> {
  if (clicks !== undefined) {
    checkFormat(format);
    const source = await clickFiles({ files: clicks, format, now: Date.now() });
    return { source, close: () => Promise.resolve() };
  }
  const { log, close } = await openWrittenLog(config, warn);
  return { source: await logSource(log), close };
}
