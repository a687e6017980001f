/** `recograph state`: where a data folder's state stands, what it weighs, and its hash; folded anew where that is asked. */
import { join } from 'node:path';
import { type Config } from '../config.js';
import { openLmdbLog } from '../events/lmdb-log.js';
import { openWrittenUserRecords } from '../profiles/lmdb-user-records.js';
import { MemoryUserRecords } from '../profiles/memory-user-records.js';
import { settingsKey, stateHash } from '../state/checkpoint.js';
import { Follower } from '../state/follower.js';
import { type LiveState } from '../state/live-state.js';

/** `rebuild`: fold the whole log from its start instead of from the newest checkpoint. Writes nothing. */
export async function showState(config: Config, rebuild: boolean, say: (line: string) => void): Promise<void> {
  const log = openLmdbLog({ folder: join(config.dataFolder, 'log'), readOnly: true });
  const settings = settingsKey(config.state);
  const written = rebuild ? null : openWrittenUserRecords({ folder: join(config.dataFolder, 'users'), settings });
  const records = new MemoryUserRecords(written);
  const from = performance.now();
  const checkpoints = rebuild ? null : join(config.dataFolder, 'checkpoints');
  const { state } = await Follower.open({ log, records, checkpoints, settings: config.state, onProblem: say });
  const seconds = (performance.now() - from) / 1_000;
  describeState(state).forEach((line) => say(line));
  say(`folded in ${seconds.toFixed(1)} s${rebuild ? ` (${Math.round(state.position / seconds)} events/s)` : ''}`);
  await written?.close();
  await log.close();
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
