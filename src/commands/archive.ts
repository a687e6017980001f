/** `recograph archive`: the interactions of a log as Parquet, beside a running server if there is one. */
import { join } from 'node:path';
import { type Config } from '../config.js';
import { writeArchive } from '../datasets/archive/write-archive.js';
import { openWrittenLog } from '../open-log.js';
import { warn } from './warn.js';

export async function archive(
  config: Config,
  to: string = join(config.dataFolder, 'archive'),
  say: (line: string) => void,
): Promise<void> {
  const { log, close } = await openWrittenLog(config, warn);
  try {
    const { interactions, days, removed, position } = await writeArchive(log, to);
    const gone = removed === 0 ? '' : `; removed ${removed} that the log no longer has`;
    say(
      `${interactions} interactions of ${days} ${days === 1 ? 'day' : 'days'} in ${to}, up to log position ${position}${gone}`,
    );
  } finally {
    await close();
  }
}
