/**
 * Where calls to remote services are told of: connections are opened before anything measures them, so each is given `tell`, and
 * whoever measures becomes the listener later. What is told before that is lost.
 */
import { type CallListener } from './guard.js';

export class RemoteCalls {
  listener: CallListener | null = null;

  readonly tell: CallListener = (call) => this.listener?.(call);
}
