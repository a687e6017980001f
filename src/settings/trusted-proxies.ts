/**
 * TRUST_PROXY: who is believed about a caller's address. From the connection on, and then through `x-forwarded-for` from its right,
 * the first `inFront` are whatever their addresses are, and beyond them those at `addresses`. So a forwarder that only some
 * requests pass can be believed, without believing whoever sends the same headers past it.
 */
import { isIP } from 'node:net';

export interface TrustedProxies {
  /** Through how many proxies every request comes. */
  readonly inFront: number;
  /** Addresses and subnets, such as 10.0.0.0/8. */
  readonly addresses: readonly string[];
}

const MOST_IN_FRONT = 10;
const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/** Undefined: the text is none. */
export function trustedProxies(text: string): TrustedProxies | undefined {
  if (text === 'off') return { inFront: 0, addresses: [] };
  const [first = '', ...others] = text.split(',').map((part) => part.trim());
  const isNumber = /^\d+$/.test(first);
  const inFront = isNumber ? Number(first) : 0;
  const addresses = isNumber ? others : [first, ...others];
  if (isNumber && (inFront < 1 || inFront > MOST_IN_FRONT)) return undefined;
  return addresses.every(isAddress) ? { inFront, addresses } : undefined;
}

function isAddress(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const most = BITS[isIP(address)];
  if (most === undefined || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most);
}
