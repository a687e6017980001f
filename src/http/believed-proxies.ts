/** Tells fastify which entries of `x-forwarded-for` to believe; the first that is not believed is the caller's address. */
import { BlockList, isIP } from 'node:net';
import { type TrustedProxies } from '../settings/trusted-proxies.js';

/** For fastify's `trustProxy`; false: no header is read. `hop` is 0 for the peer of the connection. */
export function believedProxies({
  inFront,
  addresses,
}: TrustedProxies): false | ((address: string, hop: number) => boolean) {
  if (inFront === 0 && addresses.length === 0) return false;
  const known = new BlockList();
  for (const entry of addresses) {
    const [address, bits] = entry.split('/') as [string, string?];
    if (bits === undefined) known.addAddress(address, familyOf(address));
    else known.addSubnet(address, Number(bits), familyOf(address));
  }
  return (address, hop) => hop < inFront || (isIP(address) !== 0 && known.check(address, familyOf(address)));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
