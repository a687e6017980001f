/** `recograph archive`: the interactions of a log as Parquet, beside a running server if there is one. */
import { join } from 'node:path';
import { type Config } from '../config.js';
import { type RedisConnection } from '../remote/redis.js';
import { type EventLog } from '../events/log.js';
import { appendArchive } from '../datasets/archive/append-archive.js';
import { writeArchive } from '../datasets/archive/write-archive.js';
import { RedisArchive } from '../events/redis-archive.js';
import { openWrittenLog } from '../open-log.js';
import { warn } from './warn.js';

interface ArchiveOptions {
  /** Folder of the files; one within the data folder where it is not given. */
  readonly to?: string;
  readonly anew?: boolean;
}

/** A log in the data folder is archived anew each time; of one in Redis what has come since is added. */
export async function archive(
  config: Config,
  { to = join(config.dataFolder, 'archive'), anew = false }: ArchiveOptions,
  say: (line: string) => void,
): Promise<void> {
  const { log, redis, close } = await openWrittenLog(config, warn);
  try {
    say(redis === null ? await written(log, to) : await appended(log, redis, { to, anew }));
  } finally {
    await close();
  }
}

async function written(log: EventLog, to: string): Promise<string> {
  const { interactions, days, removed, position } = await writeArchive(log, to);
  const gone = removed === 0 ? '' : `; removed ${removed} that the log no longer has`;
  return `${interactions} interactions of ${days} ${days === 1 ? 'day' : 'days'} in ${to}, up to log position ${position}${gone}`;
}

async function appended(
  log: EventLog,
  redis: RedisConnection,
  { to, anew }: Required<ArchiveOptions>,
): Promise<string> {
  const archive = new RedisArchive({ redis });
  const report = await appendArchive({ log, archive, folder: to, anew });
  const { interactions, files, rewritten, position } = report;
  const anewly = rewritten === 0 ? '' : `; ${rewritten} written anew because of erasures`;
  return `${interactions} more interactions in ${files} more ${files === 1 ? 'file' : 'files'} in ${to}, up to log position ${position}${anewly}`;
}
