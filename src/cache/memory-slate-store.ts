/** Slates in the memory of this process: at most `capacity` of them, each for `ttlMs`, oldest out first. */
import { type SlateStore } from './slate-store.js';

interface Kept<Slate> {
  readonly slate: Slate;
  readonly userId: string | null;
  readonly expiresAt: number;
}

export interface MemorySlateStoreOptions {
  /** Slates; one of 100 items with four sources takes about 10 KB. */
  readonly capacity: number;
  readonly ttlMs: number;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
}

export class MemorySlateStore<Slate extends { readonly id: string }> implements SlateStore<Slate> {
  /** In the order of their making: a Map keeps it. */
  private readonly kept = new Map<string, Kept<Slate>>();

  constructor(private readonly options: MemorySlateStoreOptions) {}

  put(slate: Slate, userId: string | null): Promise<void> {
    const { capacity, ttlMs, clock } = this.options;
    this.kept.set(slate.id, { slate, userId, expiresAt: clock() + ttlMs });
    for (const [id, { expiresAt }] of this.kept) {
      if (this.kept.size <= capacity && expiresAt > clock()) break;
      this.kept.delete(id);
    }
    return Promise.resolve();
  }

  get(id: string): Promise<Slate | null> {
    const kept = this.kept.get(id);
    return Promise.resolve(kept !== undefined && kept.expiresAt > this.options.clock() ? kept.slate : null);
  }

  forget(userId: string): Promise<number> {
    const own = [...this.kept.values()].filter((kept) => kept.userId === userId);
    for (const { slate } of own) this.kept.delete(slate.id);
    return Promise.resolve(own.length);
  }
}
