/**
 * Tells whether anybody still waits for an operation: until its time is over, or its client is gone before the answer was sent.
 * It is asked between lists and stages, where the work can stop; nothing is told of it, so that a request costs no timer.
 */
import { type ServerResponse } from 'node:http';

export class RequestSignal {
  private readonly end: number;
  private kept = false;

  /**
   * @param hasLeft whether the client left before the answer was sent
   * @param timeoutMs counted from this call
   */
  constructor(
    private readonly hasLeft: () => boolean,
    private readonly timeoutMs: number,
  ) {
    this.end = performance.now() + timeoutMs;
  }

  /** Of what is answered once. */
  static ofAnswer(response: ServerResponse, timeoutMs: number): RequestSignal {
    return new RequestSignal(() => response.closed && !response.writableFinished, timeoutMs);
  }

  /** Whether the client left before the answer was sent. */
  get isGone(): boolean {
    return this.hasLeft();
  }

  readonly isOver = (): boolean => !this.kept && (this.isGone || performance.now() >= this.end);

  /** From now on nothing cancels: what the operation does must be told. */
  keep(): void {
    this.kept = true;
  }

  /** Of another operation of the same request: its time begins now, and to keep one keeps no other. */
  another(): RequestSignal {
    return new RequestSignal(this.hasLeft, this.timeoutMs);
  }
}
