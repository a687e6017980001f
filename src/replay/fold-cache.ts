/**
 * Checkpoints of folds, so that a second replay of the same days begins where its first list is asked for. They go by
 * what was folded and by what was folded into; a damaged one, one of other events, or one of other settings, is passed over.
 * None outlives an erasure, not even that of a replay which had read the person's events when the erasure came.
 */
import { createHash } from 'node:crypto';
import { rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { type EventSource } from '../events/event-source.js';
import { type Position } from '../events/log.js';
import {
  CheckpointError,
  checkpointFile,
  checkpointsOf,
  readCheckpoint,
  writeCheckpoint,
} from '../state/checkpoint.js';
import { lastErasure } from '../state/last-erasure.js';
import { type Saved } from '../state/sections.js';
import { type Fold } from './fold.js';

export interface FoldCache {
  readonly folder: string;
  readonly source: Pick<EventSource, 'fingerprint' | 'markOf'>;
  /** Names the side folds. */
  readonly key: string;
}

const MARK = 'source.mark';
const ERASURE = 'last.erasure';

/** Kept for one set of events, those that were used last: windows of several days, in whatever order they are judged. */
const KEPT = 4;
/** A fold that is no further from where it began is not kept: the next one may begin there as well. */
const CLOSE = { part: 0.05, events: 50_000 };

/** What was so when a fold began. */
interface Beginning {
  readonly position: Position;
  /** The last erasure: nobody erased since may be in what is kept. */
  readonly erasure: string;
}
const beginnings = new WeakMap<Fold, Beginning>();

/** The fold out of the furthest checkpoint that is not after the position, or a new one. */
export async function foldFrom(
  cache: FoldCache,
  upTo: Position,
  makeFold: () => Fold,
  onProblem: (message: string) => void,
): Promise<Fold> {
  const kept = pathOf(cache);
  const erasure = await lastErasure(cache.folder);
  const begun = (fold: Fold): Fold => {
    beginnings.set(fold, { position: fold.position, erasure });
    return fold;
  };
  for (const { file, position } of await checkpointsOf(kept)) {
    if (position > upTo) continue;
    const fold = makeFold();
    const path = join(kept, file);
    try {
      await readCheckpoint(path, marked(fold, { events: await cache.source.markOf(position), erasure }));
      await touch(path);
      return begun(fold);
    } catch (error) {
      if (error instanceof ErasedError) await rm(path, { force: true });
      onProblem(`kept fold not used: ${(error as Error).message}`);
    }
  }
  return begun(makeFold());
}

/**
 * Keeps a fold of `foldFrom` as it stands, and of those before it the ones that were used last; not one that has hardly moved,
 * nor one whose users have spilled, for a replay's store of them ends with the process, nor where somebody was erased since it
 * began.
 */
export async function keepFold(cache: FoldCache, fold: Fold): Promise<void> {
  const beginning = beginnings.get(fold);
  if (beginning === undefined) throw new Error('only a fold that began at `foldFrom` can be kept');
  const { erasure } = beginning;
  const isErased = async (): Promise<boolean> => (await lastErasure(cache.folder)) !== erasure;
  if (fold.state.users.hasSpilled || isClose(fold, beginning) || (await isErased())) return;
  const folder = pathOf(cache);
  try {
    await writeCheckpoint(folder, marked(fold, { events: await cache.source.markOf(fold.position), erasure }), {
      keep: Infinity,
    });
  } catch (error) {
    // An erasure takes the folder away, and with it a file that is being written.
    if (!(await isErased())) throw error;
    return;
  }
  const file = checkpointFile(fold.position);
  if (await isErased()) await rm(join(folder, file), { force: true });
  else await removeLongUnused(folder, file);
}

function isClose({ position }: Fold, began: Beginning): boolean {
  const folded = position - began.position;
  return folded < CLOSE.events && folded <= CLOSE.part * position;
}

/** The time of its last change says when it was used last. */
async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => undefined); // another process may have removed it
}

/** Leaves the new one, and of the others those that were used last. */
async function removeLongUnused(folder: string, written: string): Promise<void> {
  const others = (await checkpointsOf(folder)).filter(({ file }) => file !== written);
  const used = await Promise.all(
    others.map(async ({ file }) => {
      const path = join(folder, file);
      const found = await stat(path).catch(() => null);
      return { path, at: found?.mtimeMs ?? -Infinity };
    }),
  );
  used.sort((a, b) => b.at - a.at);
  for (const { path } of used.slice(KEPT - 1)) await rm(path, { force: true });
}

/** Whoever wrote it was killed before it saw that somebody had been erased. */
class ErasedError extends CheckpointError {}

interface Marks {
  /** Of the events up to the fold's position. */
  readonly events: string;
  readonly erasure: string;
}

/** The fold with the marks of its events and of the last erasure: loading it where they are others fails. */
function marked(fold: Fold, { events, erasure }: Marks): Saved & Pick<Fold, 'position' | 'settings'> {
  return {
    position: fold.position,
    settings: fold.settings,
    save(out) {
      out.json(MARK, events);
      out.json(ERASURE, erasure);
      fold.save(out);
    },
    load(from) {
      if (from.json(ERASURE) !== erasure) throw new ErasedError('somebody was erased since, and it is removed');
      if (from.json(MARK) !== events) throw new CheckpointError('it is of other events');
      fold.load(from);
    },
  };
}

function pathOf({ folder, source, key }: FoldCache): string {
  const name = createHash('sha256').update(`${source.fingerprint} ${key}`).digest('hex').slice(0, 32);
  return join(folder, name);
}
