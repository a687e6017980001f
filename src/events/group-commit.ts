/**
 * Group commit: writes that are asked for while a transaction is on its way to the disk share the next one, in their
 * order, so the price of a flush is paid once for all of them. One transaction is under way at a time. It is an
 * asynchronous one, which commits and flushes on a thread of lmdb's, and within it a child, which an error undoes.
 */
import { type RootDatabase } from 'lmdb';
import { freshView } from './lmdb-reads.js';

interface Write {
  readonly size: number;
  readonly run: () => unknown;
  readonly resolve: (result: never) => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit {
  readonly #root: RootDatabase;
  /** Entries after which a group is closed, so that it holds the event loop for some tens of milliseconds at most. */
  readonly #groupSize: number;
  #waiting: Write[] = [];
  #underWay: Promise<void> | undefined;

  constructor(root: RootDatabase, groupSize: number) {
    this.#root = root;
    this.#groupSize = groupSize;
  }

  /**
   * Runs the function, which writes about `size` entries, in a write transaction and gives its result once that is on
   * disk. Rejects with lmdb's error where it isn't: then nothing of the whole group was written.
   */
  write<T>(size: number, run: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ size, run, resolve, reject });
      this.#underWay ??= this.#drain();
    });
  }

  /** Resolves when nothing is waiting or under way. */
  async idle(): Promise<void> {
    await this.#underWay;
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) await this.#commit();
    this.#underWay = undefined;
  }

  async #commit(): Promise<void> {
    let group: Write[] = [];
    let results: unknown[] = [];
    try {
      freshView(this.#root); // an environment that has panicked never answers a write, but fails a read
      await this.#root.childTransaction(() => {
        group = this.#takeGroup(); // within the transaction: whoever came while it was being opened belongs to it
        results = group.map(({ run }) => run());
      });
      await this.#root.flushed;
      group.forEach(({ resolve }, i) => resolve(results[i] as never));
    } catch (error) {
      const cause = await commitError(error);
      if (group.length === 0) group = this.#takeGroup();
      for (const { reject } of group) reject(cause);
    }
  }

  #takeGroup(): Write[] {
    let count = 0;
    for (let size = 0; count < this.#waiting.length && size < this.#groupSize; count++) {
      size += this.#waiting[count]!.size;
    }
    return this.#waiting.splice(0, count);
  }
}

/** A failed commit rejects with a wrapper first; lmdb's own error is behind a promise of it. */
async function commitError(error: unknown): Promise<unknown> {
  const { commitError } = error as { commitError?: Promise<never> };
  return commitError === undefined ? error : commitError.catch((cause: unknown) => cause);
}
