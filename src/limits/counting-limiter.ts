/** A limiter as rate-limiter-flexible has them, over counters that all who serve the same data share. */
import { RateLimiterRes } from 'rate-limiter-flexible';
import { type Count, type Counters } from './counters.js';

export interface CountingLimiterOptions {
  readonly points: number;
  /** Seconds. */
  readonly duration: number;
  readonly counters: Counters;
}

/** Counts within windows of the clock. What is refused counts too: who goes on asking waits for the next window. */
export class CountingLimiter {
  constructor(private readonly options: CountingLimiterOptions) {}

  /** Resolves where the points were left, and rejects with the same where they were not. */
  consume(key: string, amount: number): Promise<RateLimiterRes> {
    const { duration, counters } = this.options;
    const count = counters.add(`${key} ${duration}`, amount, duration * 1_000);
    return count instanceof Promise ? count.then((later) => this.judge(later, amount)) : this.judge(count, amount);
  }

  private judge({ value, endsInMs }: Count, amount: number): Promise<RateLimiterRes> {
    const { points } = this.options;
    const result = new RateLimiterRes(Math.max(0, points - value), endsInMs, value, value === amount);
    // As those of rate-limiter-flexible do, whose callers tell a refusal by its being no Error.
    return value <= points ? Promise.resolve(result) : Promise.reject(result as unknown as Error);
  }
}
