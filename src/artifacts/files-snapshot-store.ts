/**
 * Snapshots as folders: `FOLDER/TENANT/ID/` with manifest and files, `FOLDER/TENANT/LATEST/` with what LATEST is. A folder
 * is written beside, flushed, and renamed into place whole.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { flush } from '../disk/durable-file.js';
import { HeadChain } from './head-chain.js';
import { HeadedSnapshotStore, type SnapshotPlace } from './headed-snapshot-store.js';
import { type Manifest } from './manifest.js';
import { readFolderFiles, readFolderManifest, verifyFolderFiles, writeSnapshotFolder } from './snapshot-folder.js';
import { isSnapshotId } from './snapshot-id.js';
import { type Artifacts, type SnapshotDraft } from './snapshot-store.js';
import { stagingName, sweepStaging } from './staging.js';
import { checkTenant } from './tenant.js';

export class FilesSnapshotStore extends HeadedSnapshotStore {
  /** The folder is created with the first snapshot. */
  constructor(folder: string, tenant = 'main') {
    checkTenant(tenant);
    super(new SnapshotFolders(join(folder, tenant), tenant));
  }
}

class SnapshotFolders implements SnapshotPlace {
  readonly head: HeadChain;

  constructor(
    readonly name: string,
    private readonly tenant: string,
  ) {
    this.head = new HeadChain(join(name, 'LATEST'));
  }

  async ids(): Promise<string[]> {
    const names = (await readdir(this.name).catch(unlessGone)) ?? [];
    return names.filter(isSnapshotId).toSorted().reverse();
  }

  manifest(id: string): Promise<Manifest> {
    return readFolderManifest(this.pathOf(id), this.tenant);
  }

  async read(id: string): Promise<Artifacts> {
    const manifest = await this.manifest(id);
    return { manifest, files: await readFolderFiles(this.pathOf(id), manifest) };
  }

  verify(manifest: Manifest): Promise<void> {
    return verifyFolderFiles(this.pathOf(manifest.id), manifest);
  }

  async prepare(): Promise<void> {
    await mkdir(this.name, { recursive: true });
    await sweepStaging(this.name);
    await this.head.tidy();
  }

  async write(draft: SnapshotDraft, id: string): Promise<Manifest> {
    const beside = join(this.name, stagingName());
    try {
      const manifest = await writeSnapshotFolder(beside, draft, { id, tenant: this.tenant });
      await rename(beside, this.pathOf(id));
      await flush(this.name);
      return manifest;
    } catch (error) {
      await rm(beside, { recursive: true, force: true });
      throw error;
    }
  }

  async remove(id: string): Promise<void> {
    const beside = join(this.name, stagingName());
    await rename(this.pathOf(id), beside).catch(unlessGone);
    await rm(beside, { recursive: true, force: true });
  }

  private pathOf(id: string): string {
    return join(this.name, id);
  }
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
