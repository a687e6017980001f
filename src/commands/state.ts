/** `recograph state`: where a data folder's state stands, what it weighs, and its hash; folded anew where that is asked. */
import { join } from 'node:path';
import { type Config } from '../config.js';
import { openArtifacts, usesBlobStorage } from '../open-artifacts.js';
import { openWrittenLog } from '../open-log.js';
import { openWrittenUserRecords } from '../profiles/lmdb-user-records.js';
import { MemoryUserRecords } from '../profiles/memory-user-records.js';
import { RedisUserRecords } from '../profiles/redis-user-records.js';
import { type UserRecords } from '../profiles/user-records.js';
import { type RedisConnection } from '../remote/redis.js';
import { settingsKey, stateHash } from '../state/checkpoint.js';
import { Follower } from '../state/follower.js';
import { type LiveState } from '../state/live-state.js';

/** `rebuild`: fold the whole log from its start instead of from the newest checkpoint. Writes nothing. */
export async function showState(config: Config, rebuild: boolean, say: (line: string) => void): Promise<void> {
  const { log, redis, close } = await openWrittenLog(config, say);
  const { records, closeRecords } = rebuild
    ? { records: new MemoryUserRecords(), closeRecords: () => Promise.resolve() }
    : writtenRecords(config, redis);
  const from = performance.now();
  const checkpoints = rebuild ? null : (await openArtifacts(config, { onProblem: say })).checkpointsOf(log);
  const { state } = await Follower.open({ log, records, checkpoints, settings: config.state, onProblem: say });
  const seconds = (performance.now() - from) / 1_000;
  describeState(state).forEach((line) => say(line));
  say(`folded in ${seconds.toFixed(1)} s${rebuild ? ` (${Math.round(state.position / seconds)} events/s)` : ''}`);
  await checkpoints?.close();
  await closeRecords();
  await close();
}

/** What servers have written of users who left memory; what the fold writes itself stays here, or is what they write too. */
function writtenRecords(
  config: Config,
  redis: RedisConnection | null,
): { readonly records: UserRecords; closeRecords(): Promise<void> } {
  const settings = settingsKey(config.state);
  if (redis !== null && usesBlobStorage(config)) {
    return { records: new RedisUserRecords({ redis, settings }), closeRecords: () => Promise.resolve() };
  }
  const written = openWrittenUserRecords({ folder: join(config.dataFolder, 'users'), settings });
  return { records: new MemoryUserRecords(written), closeRecords: () => written?.close() ?? Promise.resolve() };
}

/** Position, hash, counts, and bytes by user and by item. */
export function describeState(state: LiveState): readonly string[] {
  const { users, popularity, coClicks, readers, sessions } = state.bytes();
  const perUser = users / Math.max(1, state.users.count);
  const perItem = (popularity + coClicks + readers) / Math.max(1, state.items.count);
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
  return [
    `position ${state.position}`,
    `hash ${stateHash(state)}`,
    `users ${state.users.count}: ${megabytes(users)}, ${Math.round(perUser)} bytes each`,
    `items ${state.items.count}: ${megabytes(popularity + coClicks + readers)}, ${Math.round(perItem)} bytes each`,
    `  popularity ${megabytes(popularity)}, co-clicks ${megabytes(coClicks)}, readers ${megabytes(readers)}`,
    `sessions ${megabytes(sessions)}`,
  ];
}
