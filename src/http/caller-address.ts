/**
 * The address that a request comes from, where proxies stand in front. `x-forwarded-for` is fastify's to read, as told here whom to
 * believe. Some ingresses overwrite that header, so a forwarder that is trusted by its address may say in a header of its own for
 * whom it asks; of everybody else it is not read.
 */
import { BlockList, isIP } from 'node:net';
import { type FastifyRequest } from 'fastify';
import { type TrustedProxies } from '../settings/trusted-proxies.js';

/** Sent by the Functions app. */
const CLIENT_HEADER = 'x-recograph-client';

export interface CallerAddress {
  /** For fastify's option of this name; false: no header is read. `hop` is 0 for the peer of the connection. */
  readonly trustProxy: false | ((address: string, hop: number) => boolean);
  of(request: Pick<FastifyRequest, 'ip' | 'socket' | 'headers'>): string;
}

export function callerAddress({ inFront, addresses }: TrustedProxies): CallerAddress {
  const known = new BlockList();
  for (const entry of addresses) {
    const [address, bits] = entry.split('/') as [string, string?];
    if (bits === undefined) known.addAddress(address, familyOf(address));
    else known.addSubnet(address, Number(bits), familyOf(address));
  }
  const isKnown = (address: string): boolean => isIP(address) !== 0 && known.check(address, familyOf(address));
  return {
    trustProxy: inFront === 0 && addresses.length === 0 ? false : (address, hop) => hop < inFront || isKnown(address),
    of({ ip, socket, headers }) {
      const client = headers[CLIENT_HEADER];
      if (typeof client === 'string' && isIP(client) !== 0 && isKnown(ip)) return client;
      // A proxy's header may say anything.
      return isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip;
    },
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
