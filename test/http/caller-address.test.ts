import { callerAddress } from '../../src/http/caller-address.js';
import { trustedProxies } from '../../src/settings/trusted-proxies.js';

/** Which of these is taken for the caller's address: the peer first, then `x-forwarded-for` from the right. */
function callerAmong(setting: string, hops: readonly string[]): string {
  const believes = callerAddress(trustedProxies(setting)!).trustProxy;
  return believes === false ? hops[0]! : (hops.find((address, hop) => !believes(address, hop)) ?? hops.at(-1)!);
}

describe('TRUST_PROXY', () => {
  it.each([
    ['off', ['10.0.0.1', '192.0.2.1'], '10.0.0.1'],
    ['1', ['10.0.0.1', '192.0.2.1', '192.0.2.2'], '192.0.2.1'],
    ['2', ['10.0.0.1', '192.0.2.1', '192.0.2.2'], '192.0.2.2'],
    ['10.0.0.1', ['10.0.0.1', '192.0.2.1', '192.0.2.2'], '192.0.2.1'],
    ['10.0.0.1', ['10.0.0.2', '192.0.2.1'], '10.0.0.2'],
    ['10.0.0.0/8', ['::ffff:10.9.9.9', '10.1.1.1', '192.0.2.1'], '192.0.2.1'],
    ['2001:db8::/32', ['2001:db8::7', '192.0.2.1'], '192.0.2.1'],
    ['1,203.0.113.10', ['10.0.0.1', '203.0.113.10', '192.0.2.1', '192.0.2.2'], '192.0.2.1'],
    ['1, 203.0.113.10, 10.20.2.0/26', ['10.0.0.1', '10.20.2.5', '192.0.2.1'], '192.0.2.1'],
    ['1,203.0.113.10', ['10.0.0.1', '192.0.2.1', '203.0.113.10', '192.0.2.2'], '192.0.2.1'],
    ['1,203.0.113.10', ['10.0.0.1', 'unknown', '192.0.2.2'], 'unknown'],
  ])('%s takes of %j %s for the caller', (setting, hops, caller) => {
    expect(callerAmong(setting, hops)).toBe(caller);
  });

  it.each([
    ['1,203.0.113.10', '203.0.113.10', '192.0.2.1', '192.0.2.1'],
    ['203.0.113.0/24', '203.0.113.10', '2001:db8::1', '2001:db8::1'],
    ['1,203.0.113.10', '198.51.100.7', '192.0.2.1', '198.51.100.7'],
    ['2', '203.0.113.10', '192.0.2.1', '203.0.113.10'],
    ['off', '203.0.113.10', '192.0.2.1', '203.0.113.10'],
    ['1,203.0.113.10', '203.0.113.10', 'nobody', '203.0.113.10'],
    ['1', 'unknown', '192.0.2.1', '10.0.0.1'],
  ])('%s: what %s says, that it asks for %s, makes %s the caller', (setting, ip, client, caller) => {
    const request = { ip, socket: { remoteAddress: '10.0.0.1' }, headers: { 'x-recograph-client': client } };
    expect(callerAddress(trustedProxies(setting)!).of(request as never)).toBe(caller);
  });

  it.each([
    'on',
    '0',
    '11',
    '1,',
    '1,2',
    '10.0.0.1,1',
    '10.0.0.0/33',
    '2001:db8::/129',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '',
  ])('refuses "%s"', (setting) => {
    expect(trustedProxies(setting)).toBeUndefined();
  });
});
