/**
 * Tells whether anybody still waits for an answer: until the operation's time is over, or its client is gone before the answer was sent.
 * It is asked between lists and stages, where the work can stop; nothing is told of it, so that a request costs no timer.
 */
import { type ServerResponse } from 'node:http';

export class RequestSignal {
  private readonly end: number;
  private gone = false;
  private kept = false;

  /** @param timeoutMs counted from this call */
  constructor(response: ServerResponse, timeoutMs: number) {
    this.end = performance.now() + timeoutMs;
    response.once('close', () => (this.gone = !response.writableFinished));
  }

  readonly isOver = (): boolean => !this.kept && (this.gone || performance.now() >= this.end);

  /** From now on nothing cancels: what the operation does must be told. */
  keep(): void {
    this.kept = true;
  }
}
