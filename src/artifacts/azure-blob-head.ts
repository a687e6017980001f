/**
 * What LATEST is, as one blob that is replaced on condition that it is still the one that was read (ETag): of several changes
 * of the same head one wins. A head that has not changed since it was read is not sent again.
 */
import { type BlobConnection, isConflict } from '../remote/blob/blob-connection.js';
import { type BlobText, readText } from '../remote/blob/read-text.js';
import { SnapshotError } from './snapshot-error.js';
import { decodeHead, EMPTY_HEAD, encodeHead, type Head, type HeadChange, type SnapshotHead } from './snapshot-head.js';

export class AzureBlobHead implements SnapshotHead {
  private known: BlobText | null = null;

  constructor(
    private readonly connection: BlobConnection,
    private readonly path: string,
  ) {}

  async read(): Promise<Head | null> {
    const found = await this.newest();
    if (found === null) return null;
    const head = decodeHead(found.text);
    if (head === null) throw new SnapshotError('SNAPSHOT_CORRUPT', `${this.path} is damaged`);
    return head;
  }

  async begin(): Promise<void> {
    if ((await this.newest()) === null) await this.put(EMPTY_HEAD, null);
  }

  async change(update: HeadChange): Promise<Head | null> {
    for (;;) {
      const found = await this.newest();
      const next = await update(found && decodeHead(found.text));
      if (next === null) return null;
      if (await this.put(next, found?.etag ?? null)) return next;
    }
  }

  private async newest(): Promise<BlobText | null> {
    return (this.known = await readText(this.connection, this.path, this.known));
  }

  /** Whether it was still the one that was read. Asked once: an answer that was lost may have been a yes. */
  private async put(head: Head, etag: string | null): Promise<boolean> {
    const text = encodeHead(head);
    const conditions = etag === null ? { ifNoneMatch: '*' } : { ifMatch: etag };
    try {
      await this.connection.write((container, abortSignal) =>
        container.getBlockBlobClient(this.path).upload(text, Buffer.byteLength(text), { abortSignal, conditions }),
      );
      return true;
    } catch (error) {
      if (isConflict(error)) return false;
      throw error;
    }
  }
}
