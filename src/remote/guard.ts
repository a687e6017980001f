/**
 * What stands between us and a service that may be slow, down or away: at most so many calls at once, each for so long, and
 * none for a while after several in a row have failed, so that nobody waits for what will not come. (Nygard, Release It!:
 * bulkhead, time-out, circuit breaker; by cockatiel.)
 */
import {
  BrokenCircuitError,
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhen,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';
import { RemoteUnavailableError } from './remote-unavailable-error.js';

/** How a call went: `refused` was never made, `wrong` is what the service says of a call that it could serve. */
export type CallOutcome = 'ok' | 'failed' | 'timeout' | 'refused' | 'wrong';

export interface RemoteCall {
  readonly service: string;
  readonly durationMs: number;
  readonly outcome: CallOutcome;
}

/** Told of every call when it is over; must not throw. */
export type CallListener = (call: RemoteCall) => void;

export interface GuardOptions {
  /** As messages name it, such as `Redis`. */
  readonly service: string;
  /** For one call, ms. */
  readonly timeoutMs: number;
  /** Calls at once; as many again wait for their turn. */
  readonly concurrent: number;
  /** Failures in a row after which calls are refused. */
  readonly failures?: number;
  /** How long they are refused before one is tried again, ms. */
  readonly restMs?: number;
  /** Whether an error of a call says that the service is not there, rather than that the call was wrong. */
  readonly isFault: (error: Error) => boolean;
  /** Whether an error says that the service is there and can't do this now: calls go on, for it may be able to do others. */
  readonly isRefusal?: (error: Error) => boolean;
  /** Told when calls begin to be refused, and when they no longer are. */
  readonly onChange?: (available: boolean) => void;
  readonly onCall?: CallListener | undefined;
}

export class Guard {
  private readonly policy;
  private readonly withinTime;
  private readonly breaker;

  constructor(private readonly options: GuardOptions) {
    const { timeoutMs, concurrent, failures = 5, restMs = 500, isFault, onChange } = options;
    this.breaker = circuitBreaker(
      handleWhen((error) => error instanceof TaskCancelledError || isFault(error)),
      { halfOpenAfter: restMs, breaker: new ConsecutiveBreaker(failures) },
    );
    // An attempt in between that fails breaks it again: told is only what changes.
    let available = true;
    const change = (next: boolean): void => {
      if (next !== available) onChange?.(next);
      available = next;
    };
    this.breaker.onBreak(() => change(false));
    this.breaker.onReset(() => change(true));
    this.policy = wrap(bulkhead(concurrent, concurrent), this.breaker);
    this.withinTime = timeout(timeoutMs, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false });
  }

  /**
   * Makes the call; its signal says when nobody waits for it any more.
   * @throws RemoteUnavailableError; and what the call throws, where that is no fault of the service
   */
  async call<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { service, onCall } = this.options;
    const startedAt = onCall === undefined ? 0 : performance.now();
    const tell = (outcome: CallOutcome): void =>
      onCall?.({ service, durationMs: performance.now() - startedAt, outcome });
    try {
      // Without a signal of its own every call under way would listen to one and the same.
      const own = new AbortController().signal;
      const result = await this.policy.execute(() => this.withinTime.execute(({ signal }) => run(signal), own), own);
      tell('ok');
      return result;
    } catch (error) {
      const outcome = this.outcomeOf(error);
      tell(outcome);
      if (outcome === 'wrong') throw error;
      throw new RemoteUnavailableError(service, this.told(error as Error));
    }
  }

  private outcomeOf(error: unknown): Exclude<CallOutcome, 'ok'> {
    if (error instanceof TaskCancelledError) return 'timeout';
    if (error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError) return 'refused';
    const { isFault, isRefusal } = this.options;
    return error instanceof Error && (isFault(error) || isRefusal?.(error) === true) ? 'failed' : 'wrong';
  }

  private told(error: Error): Error {
    if (error instanceof TaskCancelledError) return new Error(`no answer within ${this.options.timeoutMs} ms`);
    if (error instanceof BrokenCircuitError)
      return new Error('it failed several times in a row and is left alone for a moment');
    if (error instanceof BulkheadRejectedError) return new Error('too many calls are under way');
    return error;
  }
}
