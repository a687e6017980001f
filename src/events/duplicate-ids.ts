/**
 * The window of duplicates in lmdb: which of the ids that clients gave last are known. Ordinals count those ids from 1.
 * `ids` maps the hash of an id to its ordinal, `idsByOrdinal` goes back. An id is known while its ordinal is one of the
 * last `window`; older rows are removed as new ones come. Hashes, because an id may carry a person's name.
 */
import { hash } from 'node:crypto';
import { type Database, type RootDatabase } from 'lmdb';
import { lastKey } from './lmdb-reads.js';

export class DuplicateIds {
  readonly #ordinals: Database<number, Buffer>;
  readonly #keys: Database<Buffer, number>;
  readonly #window: number;

  constructor(root: RootDatabase, tenant: string, window: number) {
    this.#ordinals = root.openDB(`${tenant}/ids`, { keyEncoding: 'binary' });
    this.#keys = root.openDB(`${tenant}/idsByOrdinal`, { encoding: 'binary' });
    this.#window = window;
  }

  /**
   * Says for each key, in its order, whether its event counts: it has none, or one that wasn't known; that one is known
   * from now on. Called within a write transaction.
   */
  admit(keys: readonly (Buffer | undefined)[]): readonly boolean[] {
    if (keys.every((key) => key === undefined)) return keys.map(() => true);
    let last = lastKey(this.#keys);
    const admitted = keys.map((key) => {
      if (key === undefined) return true;
      const ordinal = this.#ordinals.get(key);
      if (ordinal !== undefined) {
        if (ordinal > last - this.#window) return false;
        this.#keys.removeSync(ordinal);
      }
      this.#ordinals.putSync(key, ++last);
      this.#keys.putSync(last, key, { append: true });
      return true;
    });
    this.#forget(last - this.#window, 2 * keys.length); // twice: a window that was made smaller is caught up with
    return admitted;
  }

  #forget(lastForgotten: number, limit: number): void {
    for (const { key: ordinal, value: key } of [...this.#keys.getRange({ end: lastForgotten + 1, limit })]) {
      this.#keys.removeSync(ordinal);
      this.#ordinals.removeSync(key);
    }
  }
}

/** Key of an id that was given to something a user did: 16 bytes of a SHA-256. Nobody's ids can meet those of another. */
export function idKey(userId: string, id: string): Buffer {
  return hash('sha256', JSON.stringify([userId, id]), 'buffer').subarray(0, 16);
}
