/**
 * Checkpoints of folds, so that a second replay of the same days begins where its first list is asked for. They go by
 * what was folded and by what was folded into; a damaged one, or one of other settings, is passed over.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Position } from '../events/log.js';
import { checkpointsOf, readCheckpoint, writeCheckpoint } from '../state/checkpoint.js';
import { type Fold } from './fold.js';

export interface FoldCache {
  readonly folder: string;
  /** Names the events and the side folds. */
  readonly key: string;
}

/** The fold out of the newest checkpoint that is not after the position, or a new one. */
export async function foldFrom(
  { folder, key }: FoldCache,
  upTo: Position,
  makeFold: () => Fold,
  onProblem: (message: string) => void,
): Promise<Fold> {
  const kept = pathOf(folder, key);
  for (const { file, position } of await checkpointsOf(kept)) {
    if (position > upTo) continue;
    const fold = makeFold();
    try {
      await readCheckpoint(join(kept, file), fold);
      return fold;
    } catch (error) {
      onProblem(`kept fold not used: ${(error as Error).message}`);
    }
  }
  return makeFold();
}

/** Keeps the fold as it stands; not where users have spilled, for a replay's store of them ends with the process. */
export async function keepFold({ folder, key }: FoldCache, fold: Fold): Promise<void> {
  if (!fold.state.users.hasSpilled) await writeCheckpoint(pathOf(folder, key), fold);
}

function pathOf(folder: string, key: string): string {
  return join(folder, createHash('sha256').update(key).digest('hex').slice(0, 32));
}
