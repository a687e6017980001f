/**
 * Counters that replicas share, with this machine's own beside them for what the shared ones can't be asked: limits then hold for each
 * machine, and neither refuse everybody nor nobody. What was counted here is not added to the shared ones later; it ends with its window.
 */
import { type Count, type Counters } from './counters.js';

export interface SharedCountersOptions {
  readonly shared: Counters;
  readonly own: Counters;
  readonly onProblem: (message: string) => void;
  /** Monotonic, ms. */
  readonly clock: () => number;
}

/** So long nothing must have failed before it is said that all is well. */
const WELL_AFTER_MS = 10_000;

export class SharedCounters implements Counters {
  /** Additions that were counted here alone. */
  countedAlone = 0;
  private failedAt: number | null = null;

  constructor(private readonly options: SharedCountersOptions) {}

  async add(name: string, amount: number, windowMs: number): Promise<Count> {
    const { shared, own } = this.options;
    try {
      const count = await shared.add(name, amount, windowMs);
      if (this.failedAt !== null) this.tellWell(this.failedAt);
      return count;
    } catch (error) {
      this.tellFailed(error as Error);
      return own.add(name, amount, windowMs);
    }
  }

  async close(): Promise<void> {
    await this.options.shared.close();
    await this.options.own.close();
  }

  private tellFailed({ message }: Error): void {
    const { clock, onProblem } = this.options;
    this.countedAlone++;
    if (this.failedAt === null) onProblem(`limits are counted on this machine alone: ${message}`);
    this.failedAt = clock();
  }

  private tellWell(failedAt: number): void {
    const { clock, onProblem } = this.options;
    if (clock() - failedAt < WELL_AFTER_MS) return;
    this.failedAt = null;
    onProblem('limits are counted for all replicas again');
  }
}
