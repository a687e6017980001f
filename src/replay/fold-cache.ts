/**
 * Checkpoints of folds, so that a second replay of the same days begins where its first list is asked for. They go by
 * what was folded and by what was folded into; a damaged one, one of other events, or one of other settings, is passed over.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type EventSource } from '../events/event-source.js';
import { type Position } from '../events/log.js';
import { CheckpointError, checkpointsOf, readCheckpoint, writeCheckpoint } from '../state/checkpoint.js';
import { type Saved } from '../state/sections.js';
import { type Fold } from './fold.js';

export interface FoldCache {
  readonly folder: string;
  readonly source: Pick<EventSource, 'fingerprint' | 'markOf'>;
  /** Names the side folds. */
  readonly key: string;
}

const MARK = 'source.mark';

/** The fold out of the newest checkpoint that is not after the position, or a new one. */
export async function foldFrom(
  cache: FoldCache,
  upTo: Position,
  makeFold: () => Fold,
  onProblem: (message: string) => void,
): Promise<Fold> {
  const kept = pathOf(cache);
  for (const { file, position } of await checkpointsOf(kept)) {
    if (position > upTo) continue;
    const fold = makeFold();
    try {
      await readCheckpoint(join(kept, file), marked(fold, await cache.source.markOf(position)));
      return fold;
    } catch (error) {
      onProblem(`kept fold not used: ${(error as Error).message}`);
    }
  }
  return makeFold();
}

/** Keeps the fold as it stands; not where users have spilled, for a replay's store of them ends with the process. */
export async function keepFold(cache: FoldCache, fold: Fold): Promise<void> {
  if (fold.state.users.hasSpilled) return;
  await writeCheckpoint(pathOf(cache), marked(fold, await cache.source.markOf(fold.position)));
}

/** The fold with the mark of its events: loading it where they are others fails. */
function marked(fold: Fold, mark: string): Saved & Pick<Fold, 'position' | 'settings'> {
  return {
    position: fold.position,
    settings: fold.settings,
    save(out) {
      out.json(MARK, mark);
      fold.save(out);
    },
    load(from) {
      if (from.json(MARK) !== mark) throw new CheckpointError('it is of other events');
      fold.load(from);
    },
  };
}

function pathOf({ folder, source, key }: FoldCache): string {
  const name = createHash('sha256').update(`${source.fingerprint} ${key}`).digest('hex').slice(0, 32);
  return join(folder, name);
}
