/** The events that a command works on: files of interactions, or the log of the data folder. */
import { join } from 'node:path';
import { type Config } from '../config.js';
import { clickFiles } from '../datasets/click-files.js';
import { checkFormat } from '../datasets/import/formats.js';
import { type EventSource, logSource } from '../events/event-source.js';
import { openLmdbLog } from '../events/lmdb-log.js';

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
  const log = openLmdbLog({ folder: join(config.dataFolder, 'log'), readOnly: true });
  return { source: await logSource(log), close: () => log.close() };
}
