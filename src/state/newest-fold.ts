/**
 * Where a fold begins: the newest checkpoint that can be used, or nothing; and, where records of users who left memory are
 * kept only from a later position on, the start of the log with records of its own.
 */
import { type EventLog } from '../events/log.js';
import { FellBehindError } from '../profiles/fell-behind-error.js';
import { type StoredCheckpoint } from './checkpoint-store.js';
import { FoldedLog, OtherLogError } from './folded-log.js';
import { type FollowerOptions } from './follower.js';
import { LiveState } from './live-state.js';

/** A state, and the log as it is folded into it. */
export interface Fold {
  readonly state: LiveState;
  readonly log: FoldedLog;
}

type Options = Pick<FollowerOptions, 'settings' | 'records' | 'checkpoints' | 'onProblem'> & { readonly log: EventLog };

/** The fold that goes on from the newest usable checkpoint, or from nothing; told is what each was not used for. */
export async function newestFold(options: Options): Promise<Fold> {
  const { settings, records, checkpoints, log, onProblem } = options;
  const folded = new FoldedLog(log);
  const unused = (error: unknown): void => onProblem?.(`checkpoint not used: ${(error as Error).message}`);
  let stored: readonly StoredCheckpoint[] = [];
  try {
    stored = (await checkpoints?.list()) ?? [];
  } catch (error) {
    unused(error);
  }
  for (const checkpoint of stored) {
    const { name, position, fold } = checkpoint;
    const state = new LiveState(settings, records.forFold(folded.history, fold));
    try {
      if (position > log.last()) throw new Error(`${name} is ahead of the log, which ends at ${log.last()}`);
      await checkpoints!.read(checkpoint, state, folded.history);
      folded.beginAt(state.position);
      return { state, log: folded };
    } catch (error) {
      unused(error);
    }
  }
  return { state: new LiveState(settings, records.forFold(folded.history)), log: folded };
}

/** A fold to the end of the log, which begins as above; `foldOn` does it, or fails with what keeps it from that. */
export async function foldedAnew(options: Options, foldOn: (fold: Fold) => Promise<void>): Promise<Fold> {
  const again = { ...options, onProblem: () => undefined };
  let fold = await newestFold(options);
  for (let last = fold.state.records.fold; ; last = Math.max(last, fold.state.records.fold)) {
    const { position } = fold.state;
    try {
      await foldOn(fold);
      return fold;
    } catch (error) {
      if (!(error instanceof FellBehindError || error instanceof OtherLogError)) throw error;
      // Another replica may have written a checkpoint meanwhile, or the log have changed once more.
      const newest = await newestFold(again);
      if (error instanceof OtherLogError || newest.state.position > position) {
        fold = newest;
        continue;
      }
    }
    // No checkpoint is as new as the records that are kept.
    const { settings, records, log } = options;
    const folded = new FoldedLog(log);
    fold = { state: new LiveState(settings, records.forFold(folded.history, ++last)), log: folded };
  }
}
