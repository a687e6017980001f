/**
 * What the next snapshot must beat: the one in use or, where that can't be read, the one that a running server stays on, which
 * is the newest that was LATEST and can be read. So a damaged file lets nothing pass that is worse than what there was.
 */
import { type SnapshotStore } from '../artifacts/snapshot-store.js';
import { snapshotOf } from '../engine/snapshot-files.js';
import { type FoundSettings } from './als/factor-fits.js';
import { type InUse } from './training-run.js';

export interface Incumbent {
  /** Nothing was ever in use, and something is better than nothing. */
  readonly none: boolean;
  /** Null without one, or where none can be read. */
  readonly inUse: InUse | null;
  /** Why it is not the one that the store names, for the gate's reason; null where it is. */
  readonly instead: string | null;
}

/** @throws SnapshotError where the store can't say which one is in use */
export async function incumbent(store: SnapshotStore, onProblem: (message: string) => void): Promise<Incumbent> {
  const id = await store.current();
  if (id === null) return { none: true, inUse: null, instead: null };
  for (const candidate of [id, ...(await wayBack(store, id))]) {
    try {
      const inUse = await readInUse(store, candidate);
      const instead = candidate === id ? null : `${candidate} stands in for ${id}, which can't be read`;
      return { none: false, inUse, instead };
    } catch (error) {
      onProblem(`snapshot ${candidate} can't be read, and is not compared with: ${(error as Error).message}`);
    }
  }
  return { none: false, inUse: null, instead: `${id} can't be read, and no earlier one can` };
}

/** LATEST, where another one is pinned, and what LATEST was before, newest first. */
async function wayBack(store: SnapshotStore, inUse: string): Promise<readonly string[]> {
  const stored = (await store.list()).filter(({ id }) => id !== inUse);
  const of = (flag: 'latest' | 'earlier'): string[] => stored.filter((entry) => entry[flag]).map(({ id }) => id);
  return [...of('latest'), ...of('earlier')];
}

async function readInUse(store: SnapshotStore, id: string): Promise<InUse> {
  const artifacts = await store.read(id);
  const { als } = artifacts.manifest.parameters as { readonly als?: FoundSettings | null };
  return { snapshot: snapshotOf(artifacts), als: als ?? null };
}
