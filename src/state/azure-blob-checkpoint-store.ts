/**
 * Checkpoints in Azure Blob Storage, `TENANT/checkpoints/POSITION-RANDOM.bin`, for replicas that fold one log. There are those
 * that the blob `INDEX` names. It is written under its lease: so one elected replica writes, and what one that lost the
 * election is still writing never counts.
 */
import { randomUUID } from 'node:crypto';
import { type Position } from '../events/log.js';
import { type BlobConnection, isAbsent, isConflict, statusOf } from '../remote/blob/blob-connection.js';
import { downloadBlobs } from '../remote/blob/download.js';
import { BlobLease } from '../remote/blob/lease.js';
import { listBlobs, removeBlob } from '../remote/blob/list.js';
import { readText } from '../remote/blob/read-text.js';
import { uploadBlob } from '../remote/blob/upload.js';
import { hashInTurns } from '../remote/running-hash.js';
import {
  type Checkpointable,
  CheckpointError,
  decodeVerified,
  encodeCheckpoint,
  type Loadable,
  sealCheckpoint,
} from './checkpoint-bytes.js';
import { decodeIndex, encodeIndex, type IndexEntry } from './checkpoint-index.js';
import { type CheckpointStore, type StoredCheckpoint, type WriteOptions } from './checkpoint-store.js';
import { KEPT_CHECKPOINTS } from './checkpoint.js';

export interface AzureBlobCheckpointOptions {
  readonly connection: BlobConnection;
  readonly tenant?: string;
  /** How long a replica that died keeps others from writing, seconds: 15 to 60. */
  readonly leaseSeconds?: number;
}

export class AzureBlobCheckpointStore implements CheckpointStore {
  private readonly connection: BlobConnection;
  private readonly prefix: string;
  private readonly index: string;
  private readonly lease: BlobLease;

  constructor({ connection, tenant = 'main', leaseSeconds = 60 }: AzureBlobCheckpointOptions) {
    this.connection = connection;
    this.prefix = `${tenant}/checkpoints/`;
    this.index = `${this.prefix}INDEX`;
    this.lease = new BlobLease({ connection, path: this.index, seconds: leaseSeconds });
  }

  async list(): Promise<readonly IndexEntry[]> {
    const index = await readText(this.connection, this.index);
    return index === null ? [] : decodeIndex(index.text);
  }

  async read({ name }: StoredCheckpoint, state: Loadable, log: string | undefined): Promise<void> {
    const entry = (await this.list()).find((one) => one.name === name);
    if (entry === undefined) throw new CheckpointError(`${name} is gone`);
    const wanted = [{ path: this.prefix + name, bytes: entry.bytes }];
    const [read] = await downloadBlobs(this.connection, wanted).catch((error: unknown) => {
      if (isAbsent(error)) throw new CheckpointError(`${name} is gone`);
      throw statusOf(error) === 416 ? new CheckpointError(`${name} is damaged: it is cut short`) : error;
    });
    const { bytes, sha256 } = read!;
    if (sha256 !== entry.sha256) throw new CheckpointError(`${name} is damaged: its checksum does not match`);
    decodeVerified(Buffer.from(bytes.buffer), state, { name, log });
  }

  async write(state: Checkpointable, { log, only = false, besides }: WriteOptions = {}): Promise<readonly Position[]> {
    await this.begin();
    const leaseId = only ? await this.lease.take() : await this.lease.hold();
    if (leaseId === null) return this.positionsOf(log);
    const entry = await this.upload(state, log);
    await besides?.();
    // What is damaged, or of another log, will never be read again.
    const others = only ? [] : await this.list().catch(asNone);
    const earlier = others.filter((one) => one.log === log && one.position !== entry.position);
    const kept = [entry, ...earlier].slice(0, KEPT_CHECKPOINTS);
    if (!(await this.putIndex(kept, leaseId))) {
      await removeBlob(this.connection, this.prefix + entry.name);
      if (only) throw new CheckpointError('another process began to write checkpoints at the same time');
      return this.positionsOf(log);
    }
    await this.removeOthers(kept);
    return kept.map(({ position }) => position);
  }

  async close(): Promise<void> {
    await this.lease.release();
  }

  /** Of another log none will ever be read. */
  private async positionsOf(log: string | undefined): Promise<readonly Position[]> {
    return (await this.list()).flatMap((one) => (one.log === log ? [one.position] : []));
  }

  /** There is an index from then on: only what exists can be leased. */
  private async begin(): Promise<void> {
    if ((await readText(this.connection, this.index)) === null) await this.put([], { ifNoneMatch: '*' });
  }

  private async upload(state: Checkpointable, log: string | undefined): Promise<IndexEntry> {
    const { position } = state;
    const buffer = encodeCheckpoint(state, log);
    await sealCheckpoint(buffer);
    const name = `${String(position).padStart(16, '0')}-${randomUUID()}.bin`;
    const sha256 = await hashInTurns(buffer);
    await uploadBlob(this.connection, this.prefix + name, buffer);
    return { name, position, bytes: buffer.length, sha256, log };
  }

  /** False where the lease was lost. */
  private putIndex(checkpoints: readonly IndexEntry[], leaseId: string): Promise<boolean> {
    return this.put(checkpoints, { leaseId });
  }

  private async put(
    checkpoints: readonly IndexEntry[],
    conditions: { readonly leaseId: string } | { readonly ifNoneMatch: '*' },
  ): Promise<boolean> {
    const text = encodeIndex(checkpoints);
    try {
      await this.connection.write((container, abortSignal) =>
        container.getBlockBlobClient(this.index).upload(text, Buffer.byteLength(text), { abortSignal, conditions }),
      );
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
  }

  /** Older ones, and what was uploaded and never named. */
  private async removeOthers(kept: readonly IndexEntry[]): Promise<void> {
    const named = new Set([this.index, ...kept.map(({ name }) => this.prefix + name)]);
    const { blobs } = await listBlobs(this.connection, this.prefix);
    for (const { path } of blobs) if (!named.has(path)) await removeBlob(this.connection, path);
  }
}

function asNone(error: unknown): readonly IndexEntry[] {
  if (error instanceof CheckpointError) return [];
  throw error;
}
