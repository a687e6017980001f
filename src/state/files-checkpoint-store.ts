/** Checkpoints in a folder, beside the log that they belong to. Every process that has the folder may write. */
import { join } from 'node:path';
import { type Position } from '../events/log.js';
import { type Checkpointable, type Loadable } from './checkpoint-bytes.js';
import { type CheckpointStore, type StoredCheckpoint, type WriteOptions } from './checkpoint-store.js';
import { checkpointsOf, KEPT_CHECKPOINTS, readCheckpoint, writeCheckpoint } from './checkpoint.js';

export class FilesCheckpointStore implements CheckpointStore {
  /** It is created with the first checkpoint. */
  constructor(private readonly folder: string) {}

  async list(): Promise<readonly StoredCheckpoint[]> {
    const found = await checkpointsOf(this.folder);
    return found.map(({ file, position }) => ({ name: join(this.folder, file), position }));
  }

  read({ name }: StoredCheckpoint, state: Loadable, log: string | undefined): Promise<void> {
    return readCheckpoint(name, state, log);
  }

  async write(state: Checkpointable, options: WriteOptions = {}): Promise<readonly Position[]> {
    const { log, only = false, fold = 0, besides } = options;
    // Names of files don't tell the fold: records of a second one are shared, and go with checkpoints that are.
    if (fold > 0) return [];
    // The state is taken at once after the last wait.
    for (let wait; (wait = besides?.() ?? null) !== null;) await wait;
    await writeCheckpoint(this.folder, state, { keep: only ? 1 : KEPT_CHECKPOINTS, log });
    return (await checkpointsOf(this.folder)).map(({ position }) => position);
  }

  async close(): Promise<void> {
    // Nobody is elected.
  }
}
