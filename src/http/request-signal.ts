/**
 * Tells whether anybody still waits for an operation: until its time is over, or its client is gone before the answer was sent.
 * It is asked between lists and stages, where the work can stop; nothing is told of it, so that a request costs no timer.
 */
import { type ServerResponse } from 'node:http';

export class RequestSignal {
  private readonly end: number;
  private kept = false;

  /** @param timeoutMs counted from this call */
  constructor(
    private readonly response: ServerResponse,
    private readonly timeoutMs: number,
  ) {
    this.end = performance.now() + timeoutMs;
  }

  /** Whether the client left before the answer was sent. */
  get isGone(): boolean {
    return this.response.closed && !this.response.writableFinished;
  }

  readonly isOver = (): boolean => !this.kept && (this.isGone || performance.now() >= this.end);

  /** From now on nothing cancels: what the operation does must be told. */
  keep(): void {
    this.kept = true;
  }

  /** Of another operation of the same request: its time begins now, and to keep one keeps no other. */
  another(): RequestSignal {
    return new RequestSignal(this.response, this.timeoutMs);
  }
}
