/**
 * Something that fails and is tried again: each time after twice as long, and told once, until it succeeds. In between the last
 * failure stands for the next.
 */
export interface RetryPaceOptions {
  /** Monotonic, ms. */
  readonly clock: () => number;
  readonly firstMs?: number;
  readonly mostMs?: number;
}

export class RetryPace {
  private readonly clock: () => number;
  private readonly firstMs: number;
  private readonly mostMs: number;
  private waitMs = 0;
  private dueAt = -Infinity;
  private failure: unknown;
  private readonly told = new Set<string>();

  constructor({ clock, firstMs = 250, mostMs = 8_000 }: RetryPaceOptions) {
    this.clock = clock;
    this.firstMs = firstMs;
    this.mostMs = mostMs;
  }

  /** Runs it. @throws what it throws, or threw the last time where it is too early to try again */
  async run<Result>(attempt: () => Promise<Result>): Promise<Result> {
    if (this.clock() < this.dueAt) throw this.failure;
    try {
      const result = await attempt();
      this.waitMs = 0;
      this.dueAt = -Infinity;
      this.told.clear();
      return result;
    } catch (error) {
      this.failure = error;
      this.waitMs = this.waitMs === 0 ? this.firstMs : Math.min(this.mostMs, 2 * this.waitMs);
      this.dueAt = this.clock() + this.waitMs;
      throw error;
    }
  }

  /** Whether this was not told since it last succeeded; it counts as told from now on. */
  isNew(message: string): boolean {
    if (this.told.has(message)) return false;
    this.told.add(message);
    return true;
  }
}
