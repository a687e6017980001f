/**
 * Where a fold begins: the newest checkpoint that can be used, or nothing; and, where records of users who left memory are
 * kept only from a later position on, the start of the log with records of its own.
 */
import { FellBehindError } from '../profiles/fell-behind-error.js';
import { type StoredCheckpoint } from './checkpoint-store.js';
import { type FollowerOptions } from './follower.js';
import { LiveState } from './live-state.js';

type Options = Pick<FollowerOptions, 'settings' | 'records' | 'checkpoints' | 'log' | 'onProblem'>;

/** The state of the newest usable checkpoint, or an empty one; told is what each was not used for. */
export async function newestState({ settings, records, checkpoints, log, onProblem }: Options): Promise<LiveState> {
  const unused = (error: unknown): void => onProblem?.(`checkpoint not used: ${(error as Error).message}`);
  let stored: readonly StoredCheckpoint[] = [];
  try {
    stored = (await checkpoints?.list()) ?? [];
  } catch (error) {
    unused(error);
  }
  for (const checkpoint of stored) {
    const { name, position, fold } = checkpoint;
    const state = new LiveState(settings, records.forFold(log.history, fold));
    try {
      if (position > log.last()) throw new Error(`${name} is ahead of the log, which ends at ${log.last()}`);
      await checkpoints!.read(checkpoint, state, log.history);
      return state;
    } catch (error) {
      unused(error);
    }
  }
  return new LiveState(settings, records.forFold(log.history));
}

/** A state that was folded to the end of the log, beginning as above; `fold` does it, or fails with what keeps it from that. */
export async function foldedAnew(options: Options, fold: (state: LiveState) => Promise<void>): Promise<LiveState> {
  let state = await newestState(options);
  for (let last = state.records.fold; ; last = Math.max(last, state.records.fold)) {
    const { position } = state;
    try {
      await fold(state);
      return state;
    } catch (error) {
      if (!(error instanceof FellBehindError)) throw error;
    }
    // Another replica may have written a checkpoint meanwhile; else none is as new as the records that are kept.
    const newest = await newestState({ ...options, onProblem: () => undefined });
    const isNewer = newest.position > position;
    state = isNewer ? newest : new LiveState(options.settings, options.records.forFold(options.log.history, ++last));
  }
}
