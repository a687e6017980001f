/** Addresses that only this machine can reach, and requests that were meant for one. */
import { isIPv4 } from 'node:net';

/** Whether a server bound to the host can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}

/**
 * Whether the `host` header of a request names this machine. A page of a foreign name that was made to resolve to loopback
 * (DNS rebinding) sends its own name.
 */
export function isMeantForLoopback(header: string | undefined): boolean {
  return header !== undefined && isLoopback(header.replace(/:\d+$/, ''));
}
