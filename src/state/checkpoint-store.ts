/**
 * Where checkpoints of the state are kept, so that a start has little to fold. They can always be made again from the log: what
 * can't be read is passed over, and what can't be written is left out.
 */
import { type Position } from '../events/log.js';
import { type Checkpointable, type Loadable } from './checkpoint-bytes.js';

export interface StoredCheckpoint {
  /** As messages name it. */
  readonly name: string;
  readonly position: Position;
  /** Which fold's records of users who left memory it goes with (`UserRecords.fold`); without it, those of the first. */
  readonly fold?: number;
}

export interface WriteOptions {
  /** Resolves, or gives null, when all that a fold from the state as it is now reads besides is where every fold finds it. */
  readonly besides?: () => Promise<void> | null;
  /** The log whose position it tells, where the log has a name. */
  readonly log?: string | undefined;
  /** Which fold's records of users who left memory it goes with. */
  readonly fold?: number;
  /** All older ones go, whoever wrote them, and none older than this one counts again: also not what another process is writing. */
  readonly only?: boolean;
}

export interface CheckpointStore {
  /** Newest first; none that is not whole. */
  list(): Promise<readonly StoredCheckpoint[]>;
  /**
   * Reads one into an empty state.
   * @throws CheckpointError where it is damaged, or was made under other settings or of another log
   */
  read(checkpoint: StoredCheckpoint, state: Loadable, log: string | undefined): Promise<void>;
  /**
   * Writes the state as it is at the call or a moment later, durably and whole, once what it needs besides is there, and removes all but the two newest.
   * Resolves to the positions of those of this log, these settings and this fold that there are now. Where several processes share the store, one of them
   * may be the one that writes: for the others nothing is written, unless `only` is given. Nor is a state written that is older
   * than a checkpoint of its kind, or than one that was to be the only one. Where nothing was written there are no positions.
   */
  write(state: Checkpointable, options?: WriteOptions): Promise<readonly Position[]>;
  /** Lets another process be the one that writes. */
  close(): Promise<void>;
}
