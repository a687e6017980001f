/**
 * Checkpoints in Azure Blob Storage, `TENANT/checkpoints/POSITION-RANDOM.bin`, for replicas that fold one log. There are those
 * that the blob `INDEX` names. It is written under its lease: so one elected replica writes, and what one that lost the
 * election is still writing never counts. It also says up to where people were erased: nothing that is older counts again.
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
  settingsKey,
} from './checkpoint-bytes.js';
import {
  type CheckpointIndex,
  decodeIndex,
  EMPTY_INDEX,
  encodeIndex,
  erasedUpTo,
  type IndexEntry,
} from './checkpoint-index.js';
import { type CheckpointStore, type StoredCheckpoint, type WriteOptions } from './checkpoint-store.js';
import { KEPT_CHECKPOINTS } from './checkpoint.js';

export interface AzureBlobCheckpointOptions {
  readonly connection: BlobConnection;
  readonly tenant?: string;
  /** How long a replica that died keeps others from writing, seconds: 15 to 60. */
  readonly leaseSeconds?: number;
}

/** Logs whose last erasure is remembered: one that was begun anew, and those from which a replica may still come. */
const REMEMBERED_LOGS = 4;

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
    return (await this.readIndex()).checkpoints;
  }

  async read({ name }: StoredCheckpoint, state: Loadable, log: string | undefined): Promise<void> {
    const entry = (await this.list()).find((one) => one.name === name);
    if (entry === undefined) throw new CheckpointError(`${name} is gone`);
    // Told before anything is fetched.
    if (entry.settings !== settingsKey(state.settings)) {
      throw new CheckpointError(`${name} was made under other settings`);
    }
    if (entry.log !== log) throw new CheckpointError(`${name} is of another log`);
    const wanted = [{ path: this.prefix + name, bytes: entry.bytes }];
    const [read] = await downloadBlobs(this.connection, wanted).catch((error: unknown) => {
      if (isAbsent(error)) throw new CheckpointError(`${name} is gone`);
      throw statusOf(error) === 416 ? new CheckpointError(`${name} is damaged: it is cut short`) : error;
    });
    const { bytes, sha256 } = read!;
    if (sha256 !== entry.sha256) throw new CheckpointError(`${name} is damaged: its checksum does not match`);
    decodeVerified(Buffer.from(bytes.buffer), state, { name, log });
  }

  async write(state: Checkpointable, options: WriteOptions = {}): Promise<readonly Position[]> {
    const { log, only = false, besides } = options;
    await this.begin();
    const leaseId = only ? await this.lease.take() : await this.lease.hold();
    // Its holder alone changes the index from here on; what is damaged will never be read again.
    const before = leaseId === null ? null : await this.readIndex().catch(asEmpty);
    if (leaseId === null || before === null || isOvertaken(state, options, before)) return [];
    const entry = await this.upload(state, options);
    await besides?.();
    const isOfItsKind = (one: IndexEntry): boolean => one.log === log && one.settings === entry.settings;
    const others = before.checkpoints.filter((one) =>
      only ? one.log === log && one.position > entry.position : !isOfItsKind(one) || one.position !== entry.position,
    );
    const ordered = [entry, ...others].sort(newestFirst);
    // Those of other settings stay while replicas of both are there, and make room when there are two of these.
    const checkpoints = [...ordered.filter(isOfItsKind), ...ordered.filter((one) => !isOfItsKind(one))]
      .slice(0, KEPT_CHECKPOINTS)
      .sort(newestFirst);
    const erased = only
      ? [{ log, position: entry.position }, ...before.erased.filter((one) => one.log !== log)].slice(0, REMEMBERED_LOGS)
      : before.erased;
    if (!(await this.put({ checkpoints, erased }, { leaseId }))) {
      await removeBlob(this.connection, this.prefix + entry.name);
      if (only) throw new CheckpointError('another process began to write checkpoints at the same time');
      return [];
    }
    await this.removeOthers(checkpoints);
    return checkpoints.flatMap((one) => (isOfItsKind(one) && one.fold === entry.fold ? [one.position] : []));
  }

  async close(): Promise<void> {
    await this.lease.release();
  }

  private async readIndex(): Promise<CheckpointIndex> {
    const index = await readText(this.connection, this.index);
    return index === null ? EMPTY_INDEX : decodeIndex(index.text);
  }

  /** There is an index from then on: only what exists can be leased. */
  private async begin(): Promise<void> {
    if ((await readText(this.connection, this.index)) === null) await this.put(EMPTY_INDEX, { ifNoneMatch: '*' });
  }

  private async upload(state: Checkpointable, { log, fold = 0 }: WriteOptions): Promise<IndexEntry> {
    const { position } = state;
    const buffer = encodeCheckpoint(state, log);
    await sealCheckpoint(buffer);
    const name = `${String(position).padStart(16, '0')}-${randomUUID()}.bin`;
    const sha256 = await hashInTurns(buffer);
    await uploadBlob(this.connection, this.prefix + name, buffer);
    return { name, position, bytes: buffer.length, sha256, log, settings: settingsKey(state.settings), fold };
  }

  /** False where the lease was lost, or there is an index already. */
  private async put(
    index: CheckpointIndex,
    conditions: { readonly leaseId: string } | { readonly ifNoneMatch: '*' },
  ): Promise<boolean> {
    const text = encodeIndex(index);
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

/** Whether there is a newer one of its kind, or somebody was erased since: what it would replace is better than it. */
function isOvertaken(state: Checkpointable, { log, only = false }: WriteOptions, index: CheckpointIndex): boolean {
  const settings = settingsKey(state.settings);
  const newest = index.checkpoints.find((one) => one.log === log && one.settings === settings)?.position ?? 0;
  return state.position < Math.max(erasedUpTo(index, log), only ? 0 : newest);
}

function newestFirst(a: IndexEntry, b: IndexEntry): number {
  return b.position - a.position;
}

function asEmpty(error: unknown): CheckpointIndex {
  if (error instanceof CheckpointError) return EMPTY_INDEX;
  throw error;
}
