/** A limiter as rate-limiter-flexible has them, over counters that the processes of a machine share. */
import { RateLimiterRes } from 'rate-limiter-flexible';
import { type LmdbCounters } from './lmdb-counters.js';

export interface LmdbLimiterOptions {
  readonly points: number;
  /** Seconds. */
  readonly duration: number;
  readonly counters: LmdbCounters;
  /** ms */
  readonly clock: () => number;
}

/** Counts within windows of the clock. What is refused counts too: who goes on asking waits for the next window. */
export class LmdbLimiter {
  constructor(private readonly options: LmdbLimiterOptions) {}

  /** Resolves where the points were left, and rejects with the same where they were not. */
  consume(key: string, amount: number): Promise<RateLimiterRes> {
    const { points, duration, counters, clock } = this.options;
    const { value, endsAt } = counters.add(`${key} ${duration}`, amount, duration * 1_000);
    const result = new RateLimiterRes(Math.max(0, points - value), endsAt - clock(), value, value === amount);
    // As those of rate-limiter-flexible do, whose callers tell a refusal by its being no Error.
    return value <= points ? Promise.resolve(result) : Promise.reject(result as unknown as Error);
  }
}
