/**
 * Slates in lmdb, which all processes of a machine share: at most `capacity` of them, each for `ttlMs`, oldest out first.
 * Nothing is flushed, for a list that a crash loses is made anew. Three tables: the slates by id, their order of making,
 * and the ids by owner.
 */
import { deserialize, serialize } from 'node:v8';
import { type Database, open, type RootDatabase } from 'lmdb';
import { freshView, lastKey } from '../events/lmdb-reads.js';
import { type SlateStore } from './slate-store.js';

export interface LmdbSlateStoreOptions {
  /** Created where it doesn't exist. */
  readonly folder: string;
  readonly tenant?: string;
  /** Slates; one of 100 items with four sources takes about 13 KB of the file, 41 KB with a ranker's 71 features, and 0.14 ms to keep. */
  readonly capacity: number;
  readonly ttlMs: number;
  /** Milliseconds, the same clock for all processes. */
  readonly clock: () => number;
}

interface Kept<Slate> {
  readonly slate: Slate;
  readonly expiresAt: number;
}

interface Row {
  readonly id: string;
  readonly owners: readonly string[];
  readonly expiresAt: number;
}

const LAST_ID = '\uffff';

export class LmdbSlateStore<Slate extends { readonly id: string }> implements SlateStore<Slate> {
  private readonly root: RootDatabase;
  /** Structured clones: they keep typed arrays as they are. */
  private readonly slates: Database<Buffer, string>;
  private readonly order: Database<Row, number>;
  private readonly owned: Database<number, [string, string]>;

  constructor(private readonly options: LmdbSlateStoreOptions) {
    const { folder, tenant = 'main' } = options;
    this.root = open({ path: folder, noSync: true, maxDbs: 16 });
    this.slates = this.root.openDB({ name: `${tenant}/slates`, encoding: 'binary' });
    this.order = this.root.openDB({ name: `${tenant}/order` });
    this.owned = this.root.openDB({ name: `${tenant}/owned` });
  }

  put(slate: Slate, owners: readonly string[]): Promise<void> {
    const { clock, ttlMs } = this.options;
    const { id } = slate;
    const expiresAt = clock() + ttlMs;
    const bytes = serialize({ slate, expiresAt } satisfies Kept<Slate>);
    this.root.transactionSync(() => {
      const number = lastKey(this.order) + 1;
      this.slates.putSync(id, bytes);
      this.order.putSync(number, { id, owners, expiresAt });
      for (const owner of owners) this.owned.putSync([owner, id], number);
      this.makeRoom(number);
    });
    return Promise.resolve();
  }

  get(id: string): Promise<Slate | null> {
    freshView(this.root);
    const bytes = this.slates.get(id);
    if (bytes === undefined) return Promise.resolve(null);
    const { slate, expiresAt } = deserialize(bytes) as Kept<Slate>;
    return Promise.resolve(expiresAt > this.options.clock() ? slate : null);
  }

  forget(userId: string): Promise<number> {
    const now = this.options.clock();
    const count = this.root.transactionSync(() => {
      const numbers = [...this.owned.getRange({ start: [userId, ''], end: [userId, LAST_ID] })];
      return numbers.filter(({ value }) => this.remove(value) > now).length;
    });
    return Promise.resolve(count);
  }

  close(): Promise<void> {
    return this.root.close();
  }

  /** Removes what has expired and what is too many; numbers that `forget` left free count as taken until they are old. */
  private makeRoom(newest: number): void {
    const { capacity, clock } = this.options;
    const old: number[] = [];
    for (const { key, value } of this.order.getRange({})) {
      if (newest - key < capacity && value.expiresAt > clock()) break;
      old.push(key);
    }
    for (const number of old) this.remove(number);
  }

  /** Removes the slate of this number and says when it would have expired. */
  private remove(number: number): number {
    const row = this.order.get(number);
    if (row === undefined) return 0;
    this.order.removeSync(number);
    this.slates.removeSync(row.id);
    for (const owner of row.owners) this.owned.removeSync([owner, row.id]);
    return row.expiresAt;
  }
}
