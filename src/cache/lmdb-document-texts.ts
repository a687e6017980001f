/**
 * Registered documents in lmdb, which all processes of a machine share: at most `capacity` of them and `bytes` of text, oldest out
 * first. Nothing is flushed: a client registers again what a crash loses. Two tables, the texts by hash and the hashes in
 * order of registration, and the sum of bytes.
 */
import { type Database, open, type RootDatabase } from 'lmdb';
import { freshView, lastKey } from '../events/lmdb-reads.js';
import { type DocumentTexts, type DocumentTextsBounds } from './document-texts.js';

export interface LmdbDocumentTextsOptions extends DocumentTextsBounds {
  /** Created where it doesn't exist. */
  readonly folder: string;
}

interface Row {
  readonly hash: string;
  readonly bytes: number;
}

interface Total {
  readonly count: number;
  readonly bytes: number;
}

const EMPTY: Total = { count: 0, bytes: 0 };

export class LmdbDocumentTexts implements DocumentTexts {
  private readonly root: RootDatabase;
  private readonly texts: Database<string, string>;
  private readonly order: Database<Row, number>;
  private readonly totals: Database<Total, string>;

  constructor(private readonly options: LmdbDocumentTextsOptions) {
    this.root = open({ path: options.folder, noSync: true, maxDbs: 8 });
    this.texts = this.root.openDB({ name: 'texts', encoding: 'string' });
    this.order = this.root.openDB({ name: 'order' });
    this.totals = this.root.openDB({ name: 'totals' });
  }

  get(hash: string): Promise<string | null> {
    freshView(this.root);
    return Promise.resolve(this.texts.get(hash) ?? null);
  }

  async put(hash: string, text: string): Promise<void> {
    const bytes = Buffer.byteLength(text);
    // It would drop all others and then itself.
    if (bytes > this.options.bytes) return;
    this.root.transactionSync(() => {
      if (this.texts.get(hash) !== undefined) return;
      const total = this.totals.get('all') ?? EMPTY;
      this.texts.putSync(hash, text);
      this.order.putSync(lastKey(this.order) + 1, { hash, bytes });
      this.makeRoom({ count: total.count + 1, bytes: total.bytes + bytes });
    });
  }

  close(): Promise<void> {
    return this.root.close();
  }

  /** Removes the oldest while there are too many or too much, and keeps the sums. */
  private makeRoom({ count, bytes }: Total): void {
    const { capacity, bytes: most } = this.options;
    const removed: number[] = [];
    for (const { key, value } of this.order.getRange({})) {
      if (count <= capacity && bytes <= most) break;
      removed.push(key);
      this.texts.removeSync(value.hash);
      count--;
      bytes -= value.bytes;
    }
    for (const key of removed) this.order.removeSync(key);
    this.totals.putSync('all', { count, bytes });
  }
}
