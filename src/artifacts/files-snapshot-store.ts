/**
 * Snapshots as folders: `FOLDER/TENANT/ID/` with manifest and files, `FOLDER/TENANT/LATEST/` with what LATEST is. A folder
 * is written beside, flushed, and renamed into place whole.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { flush } from '../disk/durable-file.js';
import { type Head, HeadChain } from './head-chain.js';
import { type Manifest } from './manifest.js';
import { SnapshotError } from './snapshot-error.js';
import { readFolderFiles, readFolderManifest, verifyFolderFiles, writeSnapshotFolder } from './snapshot-folder.js';
import { checkSnapshotId, isSnapshotId, newSnapshotId } from './snapshot-id.js';
import { type Artifacts, type SnapshotDraft, type SnapshotStore, type StoredSnapshot } from './snapshot-store.js';
import { stagingName, sweepStaging } from './staging.js';

/** Of those that were LATEST, how many are never pruned. */
const EARLIER = 4;

export class FilesSnapshotStore implements SnapshotStore {
  private readonly folder: string;
  private readonly head: HeadChain;

  /** The folder is created with the first snapshot. */
  constructor(
    folder: string,
    private readonly tenant = 'main',
  ) {
    if (!/^[a-z0-9][a-z0-9_-]{0,63}$/.test(tenant)) throw new Error(`"${tenant}" can't be the name of a tenant`);
    this.folder = join(folder, tenant);
    this.head = new HeadChain(join(this.folder, 'LATEST'));
  }

  async list(): Promise<readonly StoredSnapshot[]> {
    const head = await this.head.read();
    const { latest, pinned, earlier } = head;
    const named = [latest, pinned, ...earlier].filter((id) => id !== null);
    const ids = [...new Set([...(await this.stored(head)), ...named])].toSorted().reverse();
    return Promise.all(
      ids.map(async (id) => {
        const flags = { id, latest: id === latest, pinned: id === pinned, earlier: earlier.includes(id) };
        const found = await this.manifest(id).catch(asProblem);
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
    return readFolderManifest(this.pathOf(id), this.tenant);
  }

  async read(id: string): Promise<Artifacts> {
    const manifest = await this.manifest(id);
    return { manifest, files: await readFolderFiles(this.pathOf(id), manifest) };
  }

  async publish(draft: SnapshotDraft): Promise<Manifest> {
    await mkdir(this.folder, { recursive: true });
    await sweepStaging(this.folder);
    await this.head.tidy();
    // Before there is any snapshot: from then on a store without a head has lost it.
    if ((await this.stored()).length === 0) await this.head.begin();
    const id = newSnapshotId(draft.createdAt);
    const beside = join(this.folder, stagingName());
    try {
      const manifest = await writeSnapshotFolder(beside, draft, { id, tenant: this.tenant });
      await rename(beside, this.pathOf(id));
      await flush(this.folder);
      return manifest;
    } catch (error) {
      await rm(beside, { recursive: true, force: true });
      throw error;
    }
  }

  async moveLatest(expected: string | null, next: string): Promise<boolean> {
    await this.sureHead();
    await this.verify(next);
    const moved = await this.head.change(async (head) => {
      if (head.latest !== expected) return null;
      await this.mustStay(next, head);
      const earlier = [head.latest, ...head.earlier].filter((id) => id !== null && id !== next);
      return { ...head, latest: next, earlier: earlier as string[] };
    });
    return moved !== null;
  }

  async pin(id: string): Promise<void> {
    await this.verify(id);
    await this.head.change(async (head) => {
      await this.mustStay(id, head);
      // There are snapshots: without a head it was lost, and this is what stands in for LATEST.
      const latest = (await this.head.isBegun()) ? head.latest : id;
      return { ...head, latest, pinned: id };
    });
  }

  async unpin(): Promise<void> {
    await this.head.change(async (head) => (head.pinned === null ? null : { ...head, pinned: null }));
  }

  async rollback(): Promise<string> {
    await this.sureHead();
    const moved = await this.head.change(async (head) => {
      for (const [index, id] of head.earlier.entries()) {
        const problem = await this.verify(id).catch(asProblem);
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
    const marked = await this.head.change(async (head) => {
      const stored = await this.stored(head);
      const wayBack = head.earlier.slice(0, EARLIER);
      const kept = new Set([...stored.slice(0, keep), head.latest, head.pinned, ...wayBack]);
      pruned = stored.filter((id) => !kept.has(id));
      const half = (await this.stored()).filter((id) => head.removed.includes(id));
      const earlier = head.earlier.filter((id) => kept.has(id));
      const same = pruned.length + head.removed.length === 0 && earlier.length === head.earlier.length;
      return same ? null : { ...head, earlier, removed: [...half, ...pruned] };
    });
    for (const id of marked?.removed ?? []) {
      const beside = join(this.folder, stagingName());
      await rename(this.pathOf(id), beside).catch(unlessGone);
      await rm(beside, { recursive: true, force: true });
    }
    return pruned;
  }

  /** The head, unless it was lost: a store with snapshots has one, if only to say that none of them is LATEST. */
  private async sureHead(): Promise<Head> {
    const head = await this.head.read();
    if ((await this.head.isBegun()) || (await this.stored()).length === 0) return head;
    const remedy = '`recograph snapshots pin ID` says which one to use';
    const message = `${this.folder} holds snapshots, and what was LATEST among them is lost; ${remedy}`;
    throw new SnapshotError('SNAPSHOT_CORRUPT', message);
  }

  /** Ids of the folders, newest first, without those that are being removed. */
  private async stored({ removed }: Pick<Head, 'removed'> = { removed: [] }): Promise<string[]> {
    const names = (await readdir(this.folder).catch(unlessGone)) ?? [];
    return names
      .filter((name) => isSnapshotId(name) && !removed.includes(name))
      .toSorted()
      .reverse();
  }

  /** Reads all of it, one file at a time. */
  private async verify(id: string): Promise<void> {
    const manifest = await this.manifest(id);
    await verifyFolderFiles(this.pathOf(id), manifest);
  }

  /** Nothing is removed without a change of the head, so what holds for this head holds when it is replaced. */
  private async mustStay(id: string, { removed }: Head): Promise<void> {
    if (removed.includes(id)) throw new SnapshotError('SNAPSHOT_NOT_FOUND', `snapshot ${id} is being removed`);
    await this.manifest(id);
  }

  private pathOf(id: string): string {
    checkSnapshotId(id);
    return join(this.folder, id);
  }
}

function asProblem(error: unknown): SnapshotError {
  if (error instanceof SnapshotError) return error;
  throw error;
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
