/**
 * Aborts when an operation's time is over, or its client is gone before the answer was sent. Lists are made synchronously, where no
 * timer fires, so the time is also compared when `isOver` is asked.
 */
import { type ServerResponse } from 'node:http';

export class RequestSignal {
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly end: number;
  private kept = false;

  /** @param timeoutMs counted from this call */
  constructor(response: ServerResponse, timeoutMs: number) {
    this.end = performance.now() + timeoutMs;
    this.timer = setTimeout(() => this.abort(), timeoutMs);
    response.once('close', () => {
      clearTimeout(this.timer);
      if (!response.writableFinished) this.abort();
    });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  readonly isOver = (): boolean => !this.kept && (this.signal.aborted || performance.now() >= this.end);

  /** From now on nothing cancels: what the operation does must be told. */
  keep(): void {
    this.kept = true;
  }

  private abort(): void {
    if (!this.kept) this.controller.abort();
  }
}
