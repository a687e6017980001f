/**
 * Slates in lmdb, which all processes of a machine share: at most so many of them and so many bytes, oldest out first, each for
 * `ttlMs`. Nothing is flushed, for a list that a crash loses is made anew. Four tables: the slates by id, their order of
 * making, the ids by owner, and the sum of bytes.
 */
import { type Database, open, type RootDatabase } from 'lmdb';
import { freshView, lastKey } from '../events/lmdb-reads.js';
import { decodeSlate, encodeSlate } from './slate-codec.js';
import { type MadeSlate, type SlateBounds, type SlateStore } from './slate-store.js';

export interface LmdbSlateStoreOptions extends SlateBounds {
  /** Created where it doesn't exist. */
  readonly folder: string;
  readonly tenant?: string;
  /** Milliseconds, the same clock for all processes. */
  readonly clock: () => number;
}

interface Row {
  readonly id: string;
  readonly owners: readonly string[];
  readonly expiresAt: number;
  /** Rows of earlier releases have none. */
  readonly bytes?: number;
}

const LAST_ID = '\uffff';
const TIME_BYTES = 8;

export class LmdbSlateStore<Slate extends { readonly id: string }> implements SlateStore<Slate> {
  private readonly root: RootDatabase;
  /** When the slate expires, as a double, and the slate. */
  private readonly slates: Database<Buffer, string>;
  private readonly order: Database<Row, number>;
  private readonly owned: Database<number, [string, string]>;
  private readonly totals: Database<number, string>;

  constructor(private readonly options: LmdbSlateStoreOptions) {
    const { folder, tenant = 'main' } = options;
    this.root = open({ path: folder, noSync: true, maxDbs: 16 });
    this.slates = this.root.openDB({ name: `${tenant}/slates`, encoding: 'binary' });
    this.order = this.root.openDB({ name: `${tenant}/order` });
    this.owned = this.root.openDB({ name: `${tenant}/owned` });
    this.totals = this.root.openDB({ name: `${tenant}/totals` });
  }

  async put(made: readonly MadeSlate<Slate>[]): Promise<void> {
    const { clock, ttlMs } = this.options;
    const expiresAt = clock() + ttlMs;
    const time = Buffer.alloc(TIME_BYTES);
    time.writeDoubleLE(expiresAt);
    const values = made.map(({ slate }) => encodeSlate(slate, time));
    this.root.transactionSync(() => {
      let number = lastKey(this.order);
      let added = 0;
      for (const [at, { slate, owners }] of made.entries()) {
        const { id } = slate;
        const bytes = values[at]!.length;
        number++;
        added += bytes;
        this.slates.putSync(id, values[at]!);
        this.order.putSync(number, { id, owners, expiresAt, bytes });
        for (const owner of owners) this.owned.putSync([owner, id], number);
      }
      const total = this.total() + added;
      this.totals.putSync('bytes', total - this.makeRoom(number, total));
    });
  }

  get(ids: readonly string[]): Promise<readonly (Slate | null)[]> {
    freshView(this.root);
    const now = this.options.clock();
    const slates = ids.map((id) => {
      const bytes = this.slates.get(id);
      if (bytes === undefined || bytes.length < TIME_BYTES || bytes.readDoubleLE() <= now) return null;
      return decodeSlate<Slate>(bytes.subarray(TIME_BYTES), id);
    });
    return Promise.resolve(slates);
  }

  forget(userId: string): Promise<number> {
    const now = this.options.clock();
    const count = this.root.transactionSync(() => {
      const owned = [...this.owned.getRange({ start: [userId, ''], end: [userId, LAST_ID] })];
      const rows = owned.flatMap(({ value }) => this.remove(value) ?? []);
      this.totals.putSync(
        'bytes',
        rows.reduce((total, { bytes = 0 }) => total - bytes, this.total()),
      );
      return rows.filter(({ expiresAt }) => expiresAt > now).length;
    });
    return Promise.resolve(count);
  }

  close(): Promise<void> {
    return this.root.close();
  }

  private total(): number {
    return this.totals.get('bytes') ?? 0;
  }

  /**
   * Removes what has expired and what is too many or too much, and gives its bytes; numbers that `forget` left free count as taken
   * until they are old.
   */
  private makeRoom(newest: number, total: number): number {
    const { capacity, bytes: most, clock } = this.options;
    const old: number[] = [];
    let removed = 0;
    for (const { key, value } of this.order.getRange({})) {
      if (newest - key < capacity && total - removed <= most && value.expiresAt > clock()) break;
      old.push(key);
      removed += value.bytes ?? 0;
    }
    for (const number of old) this.remove(number);
    return removed;
  }

  /** Removes the slate of this number and gives its row. */
  private remove(number: number): Row | undefined {
    const row = this.order.get(number);
    if (row === undefined) return undefined;
    this.order.removeSync(number);
    this.slates.removeSync(row.id);
    for (const owner of row.owners) this.owned.removeSync([owner, row.id]);
    return row;
  }
}
