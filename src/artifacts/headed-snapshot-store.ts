/**
 * What every store of snapshots does alike: which snapshots LATEST, a pin and the way back name, and which may go. Where they
 * are, and how they are written, read and removed, is a `SnapshotPlace`.
 */
import { type Manifest } from './manifest.js';
import { asSnapshotError, SnapshotError } from './snapshot-error.js';
import { EMPTY_HEAD, type Head, type SnapshotHead } from './snapshot-head.js';
import { checkSnapshotId, newSnapshotId } from './snapshot-id.js';
import { type Artifacts, type SnapshotDraft, type SnapshotStore, type StoredSnapshot } from './snapshot-store.js';

/** Ids given to it are snapshot ids. */
export interface SnapshotPlace {
  /** As messages name it. */
  readonly name: string;
  readonly head: SnapshotHead;
  /** Newest first; only those that were written whole. */
  ids(): Promise<string[]>;
  /** Once all but the contents of the files is as it says. @throws SnapshotError */
  manifest(id: string): Promise<Manifest>;
  /** The same for less, of one that was seen whole before and is asked for again and again. */
  glance?(id: string): Promise<Manifest>;
  /** @throws SnapshotError */
  read(id: string): Promise<Artifacts>;
  /** Reads all of it, one file at a time. @throws SnapshotError */
  verify(manifest: Manifest): Promise<void>;
  /** Before one is written: room for it, and what killed writers left is swept up. */
  prepare(): Promise<void>;
  write(draft: SnapshotDraft, id: string): Promise<Manifest>;
  /** Nothing to do where it is gone. */
  remove(id: string): Promise<void>;
  /** Told of a change of the head that was made. */
  changed?(head: Head): Promise<void>;
}

/** Of those that were LATEST, how many are never pruned. */
const EARLIER = 4;

/** The ids that one can roll back to however much is pruned. */
export const wayBack = ({ earlier }: Head): readonly string[] => earlier.slice(0, EARLIER);

export class HeadedSnapshotStore implements SnapshotStore {
  constructor(private readonly place: SnapshotPlace) {}

  async list(): Promise<readonly StoredSnapshot[]> {
    const head = (await this.place.head.read()) ?? EMPTY_HEAD;
    const { latest, pinned, earlier } = head;
    const named = [latest, pinned, ...earlier].filter((id) => id !== null);
    const ids = [...new Set([...(await this.stored(head)), ...named])].toSorted().reverse();
    return Promise.all(
      ids.map(async (id) => {
        const flags = { id, latest: id === latest, pinned: id === pinned, earlier: earlier.includes(id) };
        const found = await this.place.manifest(id).catch(asSnapshotError);
        return found instanceof SnapshotError
          ? { ...flags, manifest: null, problem: found }
          : { ...flags, manifest: found, problem: null };
      }),
    );
  }

  async current(): Promise<string | null> {
    const { pinned, latest } = await this.sureHead();
    return pinned ?? latest;
  }

  async latest(): Promise<string | null> {
    return (await this.sureHead()).latest;
  }

  async manifest(id: string): Promise<Manifest> {
    checkSnapshotId(id);
    return this.place.glance?.(id) ?? this.place.manifest(id);
  }

  async read(id: string): Promise<Artifacts> {
    checkSnapshotId(id);
    return this.place.read(id);
  }

  async publish(draft: SnapshotDraft): Promise<Manifest> {
    await this.place.prepare();
    // Before there is any snapshot: from then on a store without a head has lost it.
    if ((await this.place.ids()).length === 0) await this.place.head.begin();
    return this.place.write(draft, newSnapshotId(draft.createdAt));
  }

  async moveLatest(expected: string | null, next: string): Promise<boolean> {
    await this.sureHead();
    await this.verify(next);
    const moved = await this.change(async (head) => {
      if (head.latest !== expected) return null;
      await this.mustStay(next, head);
      const earlier = [head.latest, ...head.earlier].filter((id) => id !== null && id !== next);
      return { ...head, latest: next, earlier: earlier as string[] };
    });
    return moved !== null;
  }

  async pin(id: string): Promise<void> {
    await this.verify(id);
    await this.change(async (head, isLost) => {
      await this.mustStay(id, head);
      // There are snapshots: without a head it was lost, and this is what stands in for LATEST.
      return { ...head, latest: isLost ? id : head.latest, pinned: id };
    });
  }

  async unpin(): Promise<void> {
    await this.change(async (head) => (head.pinned === null ? null : { ...head, pinned: null }));
  }

  async rollback(): Promise<string> {
    await this.sureHead();
    const moved = await this.change(async (head) => {
      for (const [index, id] of head.earlier.entries()) {
        const problem = await this.verify(id).catch(asSnapshotError);
        if (problem === undefined) return { ...head, latest: id, earlier: head.earlier.slice(index + 1) };
      }
      const tried = head.earlier.length === 0 ? '' : `: ${head.earlier.join(', ')} can't be used`;
      throw new SnapshotError('SNAPSHOT_NO_PREVIOUS', `there is no earlier snapshot to roll back to${tried}`);
    });
    return moved!.latest!;
  }

  async prune(keep: number): Promise<readonly string[]> {
    if (!Number.isInteger(keep) || keep < 1) throw new Error(`keep is ${keep}, expected a whole number from 1`);
    await this.sureHead();
    let pruned: readonly string[] = [];
    // Named as removed first: from then on nobody makes one of them LATEST or pins it.
    const marked = await this.change(async (head) => {
      const stored = await this.stored(head);
      const kept = new Set([...stored.slice(0, keep), head.latest, head.pinned, ...wayBack(head)]);
      pruned = stored.filter((id) => !kept.has(id));
      const half = (await this.stored()).filter((id) => head.removed.includes(id));
      const earlier = head.earlier.filter((id) => kept.has(id));
      const same = pruned.length + head.removed.length === 0 && earlier.length === head.earlier.length;
      return same ? null : { ...head, earlier, removed: [...half, ...pruned] };
    });
    for (const id of marked?.removed ?? []) await this.place.remove(id);
    return pruned;
  }

  private async change(update: (head: Head, isLost: boolean) => Promise<Head | null>): Promise<Head | null> {
    const changed = await this.place.head.change((head) => update(head ?? EMPTY_HEAD, head === null));
    if (changed !== null) await this.place.changed?.(changed);
    return changed;
  }

  /** The head, unless it was lost: a store with snapshots has one, if only to say that none of them is LATEST. */
  private async sureHead(): Promise<Head> {
    const head = await this.place.head.read();
    if (head !== null) return head;
    if ((await this.stored()).length === 0) return EMPTY_HEAD;
    // Perhaps the first one was published in the meantime.
    const begun = await this.place.head.read();
    if (begun !== null) return begun;
    const remedy = '`recograph snapshots pin ID` says which one to use';
    const message = `${this.place.name} holds snapshots, and what was LATEST among them is lost; ${remedy}`;
    throw new SnapshotError('SNAPSHOT_CORRUPT', message);
  }

  /** Newest first, without those that are being removed. */
  private async stored({ removed }: Pick<Head, 'removed'> = { removed: [] }): Promise<string[]> {
    return (await this.place.ids()).filter((id) => !removed.includes(id));
  }

  private async verify(id: string): Promise<void> {
    checkSnapshotId(id);
    await this.place.verify(await this.place.manifest(id));
  }

  /** Nothing is removed without a change of the head, so what holds for this head holds when it is replaced. */
  private async mustStay(id: string, { removed }: Head): Promise<void> {
    if (removed.includes(id)) throw new SnapshotError('SNAPSHOT_NOT_FOUND', `snapshot ${id} is being removed`);
    await this.place.manifest(id);
  }
}
