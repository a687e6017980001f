/**
 * A bounded queue that is emptied in the background, one batch at a time: whoever offers something is never held up. What comes
 * while it is full is dropped and counted.
 */
export interface OutboxOptions<Item> {
  /** Items that wait at most. */
  readonly most: number;
  /** From the first item that waits until it and what came with it are delivered, ms. */
  readonly afterMs: number;
  /** Items delivered together at most; without it, all that wait. */
  readonly atOnce?: number;
  /** Must not reject. */
  readonly deliver: (items: readonly Item[]) => Promise<void>;
}

export class Outbox<Item> {
  /** Items that were not taken since the start. */
  dropped = 0;
  private readonly waiting: Item[] = [];
  private delivering: Promise<void> | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly options: OutboxOptions<Item>) {}

  /** Whether the item was taken. */
  offer(item: Item): boolean {
    if (this.waiting.length >= this.options.most) {
      this.dropped++;
      return false;
    }
    this.waiting.push(item);
    if (this.delivering === null) this.schedule();
    return true;
  }

  /** Delivers what waits; resolves when all that was offered before is delivered. */
  async flush(): Promise<void> {
    if (this.delivering !== null) await this.delivering;
    while (this.waiting.length > 0) await this.deliver();
  }

  private schedule(): void {
    this.timer ??= setTimeout(() => void this.deliver(), this.options.afterMs).unref();
  }

  private deliver(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.delivering !== null || this.waiting.length === 0) return this.delivering ?? Promise.resolve();
    const items = this.waiting.splice(0, this.options.atOnce ?? Infinity);
    this.delivering = this.options.deliver(items).finally(() => {
      this.delivering = null;
      if (this.waiting.length > 0) this.schedule();
    });
    return this.delivering;
  }
}
