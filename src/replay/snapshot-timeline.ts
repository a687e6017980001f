/** The snapshots that a replay may use, each from the moment its data ends. */
import { type Snapshot } from '../engine/snapshot.js';

export interface SnapshotTimeline {
  /** What would have been served at this time: the newest snapshot that knows nothing of it or later; null before the first. */
  at(now: number): Snapshot | null;
}

export const NO_SNAPSHOTS: SnapshotTimeline = { at: () => null };

/** In any order; of equal `dataUntil` the one created last counts. */
export function snapshotTimeline(snapshots: readonly Snapshot[]): SnapshotTimeline {
  const newestFirst = [...snapshots].sort((a, b) => b.dataUntil - a.dataUntil || b.createdAt - a.createdAt);
  return { at: (now) => newestFirst.find(({ dataUntil }) => dataUntil <= now) ?? null };
}
