/**
 * Where snapshots are kept: consistent sets of files, immutable once published, used whole or not at all. LATEST says
 * which one readers take, unless an operator has pinned another. Publishing doesn't move LATEST: `moveLatest` does, and
 * of several that move it from the same place one wins. Every method is safe beside any other, in any process.
 */
import { type Manifest } from './manifest.js';
import { type SnapshotError } from './snapshot-error.js';

/** A snapshot to be published: everything but what the store itself gives. */
export interface SnapshotDraft extends Omit<Manifest, 'format' | 'version' | 'id' | 'tenant' | 'files'> {
  /** Content by file name; not to be changed until it is published. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** A snapshot as read: every checksum matched. Each file starts its own buffer, so arrays in it are aligned. */
export interface Artifacts {
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export interface StoredSnapshot {
  readonly id: string;
  readonly latest: boolean;
  readonly pinned: boolean;
  /** LATEST was here before, and nobody rolled back from it: `rollback` goes to the newest usable one of these. */
  readonly earlier: boolean;
  /** Null where there is a problem. */
  readonly manifest: Manifest | null;
  /** What makes it unusable. Sizes are checked here, contents only by `read`. */
  readonly problem: SnapshotError | null;
}

/** What one who serves snapshots asks of a store. */
export type ReadableSnapshots = Pick<SnapshotStore, 'list' | 'current' | 'manifest' | 'read'>;

export interface SnapshotStore {
  /** Newest first; also those that LATEST, a pin or the way back name although they are missing. */
  list(): Promise<readonly StoredSnapshot[]>;
  /**
   * The one to be used: the pinned one, else LATEST; null where nothing is either, as in an empty store.
   * @throws SnapshotError SNAPSHOT_CORRUPT where there are snapshots, and what says so of them is damaged or lost
   */
  current(): Promise<string | null>;
  /** @throws SnapshotError as `current` */
  latest(): Promise<string | null>;
  /** @throws SnapshotError */
  manifest(id: string): Promise<Manifest>;
  /**
   * Reads and verifies all of it, without holding up the event loop for more than a few milliseconds at a time.
   * @throws SnapshotError
   */
  read(id: string): Promise<Artifacts>;
  /** Durable and whole when it resolves; nothing of it is visible before. */
  publish(draft: SnapshotDraft): Promise<Manifest>;
  /**
   * Moves LATEST if it still is the expected one, and says whether it did. Verifies the next one first.
   * @throws SnapshotError
   */
  moveLatest(expected: string | null, next: string): Promise<boolean>;
  /**
   * Makes it the current one, whatever becomes LATEST, until `unpin`. Verifies it first. Where LATEST was lost it becomes that
   * too: no other way leads out of it.
   * @throws SnapshotError
   */
  pin(id: string): Promise<void>;
  unpin(): Promise<void>;
  /**
   * Moves LATEST back to the newest snapshot that was LATEST before and still verifies, and says which. The one left
   * isn't on the way back: the next rollback goes further back. A pin stays.
   * @throws SnapshotError SNAPSHOT_NO_PREVIOUS
   */
  rollback(): Promise<string>;
  /**
   * Removes all but the newest `keep` (at least 1), LATEST, the pinned one and those that one can roll back to (the
   * last four that were LATEST). Says what it removed.
   */
  prune(keep: number): Promise<readonly string[]>;
}
