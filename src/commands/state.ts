/** `recograph state`: where a data folder's state stands, what it weighs, and its hash; folded anew where that is asked. */
import { type Config } from '../config.js';
import { openArtifacts } from '../open-artifacts.js';
import { openWrittenLog } from '../open-log.js';
import { openWrittenRecords } from '../open-stores.js';
import { MemoryUserRecords } from '../profiles/memory-user-records.js';
import { stateHash } from '../state/checkpoint.js';
import { Follower } from '../state/follower.js';
import { type LiveState } from '../state/live-state.js';

/** `rebuild`: fold the whole log from its start instead of from the newest checkpoint. Leaves no checkpoint. */
export async function showState(config: Config, rebuild: boolean, say: (line: string) => void): Promise<void> {
  const { log, redis, close } = await openWrittenLog(config, say);
  const users = rebuild ? null : openWrittenRecords(config, redis);
  const from = performance.now();
  const checkpoints = rebuild ? null : (await openArtifacts(config, { onProblem: say })).checkpointsOf(log);
  const records = users?.records ?? new MemoryUserRecords();
  const { state } = await Follower.open({ log, records, checkpoints, settings: config.state, onProblem: say });
  const seconds = (performance.now() - from) / 1_000;
  describeState(state).forEach((line) => say(line));
  say(`folded in ${seconds.toFixed(1)} s${rebuild ? ` (${Math.round(state.position / seconds)} events/s)` : ''}`);
  await checkpoints?.close();
  await users?.close();
  await close();
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
