/**
 * The snapshots of a tenant in a container, as blobs `TENANT/snapshots/ID/FILE`: the manifest is written last and removed
 * first, so that what has one is whole.
 */
import { type BlobConnection, codeOf, isAbsent, statusOf } from '../remote/blob/blob-connection.js';
import { type BlobProperties, listBlobs, removeBlob } from '../remote/blob/list.js';
import { downloadBlobs } from '../remote/blob/download.js';
import { readText } from '../remote/blob/read-text.js';
import { hashInTurns } from '../remote/running-hash.js';
import { uploadBlob } from '../remote/blob/upload.js';
import { AzureBlobHead } from './azure-blob-head.js';
import { moveTiers } from './azure-blob-tiers.js';
import { type SnapshotPlace } from './headed-snapshot-store.js';
import {
  encodeManifest,
  fileNameProblem,
  type Manifest,
  MANIFEST_FILE,
  type ManifestFile,
  parseManifest,
  parseManifestOf,
} from './manifest.js';
import { corrupt, notFound, SnapshotError } from './snapshot-error.js';
import { type Head } from './snapshot-head.js';
import { isSnapshotId } from './snapshot-id.js';
import { type Artifacts, type SnapshotDraft } from './snapshot-store.js';

/** Nobody still writes what has had no manifest for so long, by the service's clock. */
const ABANDONED_MS = 24 * 3_600_000;

export class AzureBlobSnapshots implements SnapshotPlace {
  readonly head: AzureBlobHead;
  readonly name: string;
  private readonly prefix: string;
  /** The manifest seen last, of a snapshot that was whole then, and its version. */
  private seen: { readonly manifest: Manifest; readonly etag: string } | null = null;

  constructor(
    private readonly connection: BlobConnection,
    private readonly tenant: string,
    private readonly onProblem: (message: string) => void,
  ) {
    this.prefix = `${tenant}/snapshots/`;
    this.name = connection.name;
    this.head = new AzureBlobHead(connection, `${this.prefix}LATEST`);
  }

  async ids(): Promise<string[]> {
    const { byId } = await this.stored();
    return [...byId]
      .filter(([, files]) => files.has(MANIFEST_FILE))
      .map(([id]) => id)
      .toSorted()
      .reverse();
  }

  async manifest(id: string): Promise<Manifest> {
    const path = this.pathOf(id, '');
    // Side by side: each takes a journey.
    const listing = listBlobs(this.connection, path);
    listing.catch(() => undefined);
    const { manifest, etag } = await this.readManifest(id);
    const found = new Map((await listing).blobs.map((blob) => [blob.path.slice(path.length), blob]));
    checkFiles(manifest, found);
    this.seen = { manifest, etag };
    return manifest;
  }

  /** One call without content: what a server asks every few seconds of the snapshot in use. */
  async glance(id: string): Promise<Manifest> {
    const { seen } = this;
    if (seen?.manifest.id !== id) return this.manifest(id);
    const { etag } = await this.connection
      .read((container, abortSignal) =>
        container.getBlobClient(this.pathOf(id, MANIFEST_FILE)).getProperties({ abortSignal }),
      )
      .catch((error: unknown) => {
        if (isAbsent(error)) return { etag: undefined };
        throw error;
      });
    return etag === seen.etag ? seen.manifest : this.manifest(id);
  }

  async read(id: string): Promise<Artifacts> {
    const manifest = await this.manifest(id);
    return { manifest, files: await this.readFiles(manifest, manifest.files) };
  }

  async verify(manifest: Manifest): Promise<void> {
    for (const file of manifest.files) await this.readFiles(manifest, [file]);
  }

  async prepare(): Promise<void> {
    const { byId, at } = await this.stored();
    const removed = (await this.head.read().catch(() => null))?.removed ?? [];
    for (const [id, files] of byId) {
      if (files.has(MANIFEST_FILE)) continue;
      const changed = Math.max(...[...files.values()].map(({ modifiedAt }) => modifiedAt));
      if (removed.includes(id) || at - changed > ABANDONED_MS) await this.remove(id);
    }
  }

  async write({ files: contents, ...draft }: SnapshotDraft, id: string): Promise<Manifest> {
    const files: ManifestFile[] = [];
    for (const [name, bytes] of contents) {
      const problem = fileNameProblem(name);
      if (problem !== null) throw new Error(problem);
      files.push({ name, bytes: bytes.length, sha256: await hashInTurns(bytes) });
    }
    const text = encodeManifest({ id, tenant: this.tenant, ...draft, files });
    try {
      for (const [name, bytes] of contents) await uploadBlob(this.connection, this.pathOf(id, name), bytes);
      await uploadBlob(this.connection, this.pathOf(id, MANIFEST_FILE), Buffer.from(text));
    } catch (error) {
      // What can't be removed now is swept up by a later one.
      await this.remove(id).catch(() => undefined);
      throw error;
    }
    return parseManifest(text);
  }

  async remove(id: string): Promise<void> {
    await removeBlob(this.connection, this.pathOf(id, MANIFEST_FILE));
    const { blobs } = await listBlobs(this.connection, this.pathOf(id, ''));
    for (const { path } of blobs) await removeBlob(this.connection, path);
  }

  /** Tiers save money, nothing else: that they can't be changed now is told and fails nothing. */
  async changed(head: Head): Promise<void> {
    try {
      await moveTiers(this.connection, (await this.stored()).byId, head);
    } catch (error) {
      this.onProblem(`the tiers of snapshots could not be changed: ${(error as Error).message}`);
    }
  }

  /** Blobs of each id by name of the file, and the service's time. */
  private async stored(): Promise<{ byId: Map<string, Map<string, BlobProperties>>; at: number }> {
    const { blobs, at } = await listBlobs(this.connection, this.prefix);
    const byId = new Map<string, Map<string, BlobProperties>>();
    for (const blob of blobs) {
      const [id, file] = blob.path.slice(this.prefix.length).split('/');
      if (!isSnapshotId(id!) || file === undefined) continue;
      if (!byId.has(id!)) byId.set(id!, new Map());
      byId.get(id!)!.set(file, blob);
    }
    return { byId, at };
  }

  private async readManifest(id: string): Promise<{ manifest: Manifest; etag: string }> {
    const found = await readText(this.connection, this.pathOf(id, MANIFEST_FILE)).catch((error: unknown) => {
      throw codeOf(error) === 'BlobArchived' ? archived(id, MANIFEST_FILE) : error;
    });
    if (found !== null) {
      return { manifest: parseManifestOf(found.text, { id, tenant: this.tenant }), etag: found.etag };
    }
    const { blobs } = await listBlobs(this.connection, this.pathOf(id, ''));
    throw blobs.length === 0 ? notFound(id) : corrupt(id, `has no ${MANIFEST_FILE}`);
  }

  /** Each with its checksum verified. @throws SnapshotError */
  private async readFiles({ id }: Manifest, files: readonly ManifestFile[]): Promise<Map<string, Uint8Array>> {
    const wanted = files.map(({ name, bytes }) => ({ path: this.pathOf(id, name), bytes }));
    const read = await downloadBlobs(this.connection, wanted).catch(async (error: unknown) => {
      if (statusOf(error) === 416) throw corrupt(id, `is cut short: ${(error as Error).message}`);
      if (!isAbsent(error)) throw error;
      await this.manifest(id); // says whether all of it is gone, or which file
      throw error;
    });
    return new Map(
      files.map(({ name, sha256 }, at) => {
        if (read[at]!.sha256 === sha256) return [name, read[at]!.bytes];
        throw corrupt(id, `has other contents in ${name} than it was published with`);
      }),
    );
  }

  private pathOf(id: string, file: string): string {
    return `${this.prefix}${id}/${file}`;
  }
}

/** Everything but the contents. @throws SnapshotError */
function checkFiles({ id, files }: Manifest, found: ReadonlyMap<string, BlobProperties>): void {
  for (const { name, bytes } of files) {
    const blob = found.get(name);
    if (blob === undefined) throw corrupt(id, `has no file ${name}`);
    if (blob.bytes !== bytes) throw corrupt(id, `has ${blob.bytes} bytes in ${name}, expected ${bytes}`);
    if (blob.tier === 'Archive') throw archived(id, name);
  }
  const known = new Set([MANIFEST_FILE, ...files.map(({ name }) => name)]);
  const extra = [...found.keys()].find((name) => !known.has(name));
  if (extra !== undefined) throw corrupt(id, `has a file ${extra}, which its manifest does not name`);
}

function archived(id: string, name: string): SnapshotError {
  const remedy = 'it can be read some hours after its tier was set to Hot or Cool';
  return new SnapshotError('SNAPSHOT_ARCHIVED', `snapshot ${id} has ${name} in the Archive tier: ${remedy}`);
}
