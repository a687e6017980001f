import { caller, LOCAL_CALLER } from '../../src/identity/caller.js';
import { limitKeyOf } from '../../src/identity/limit-key.js';

describe('limit key', () => {
  it('is the user of a key, a back-end’s key, or the address of whoever shares a client’s key or has none', () => {
    expect(limitKeyOf(caller('key:a', ['client'], 'u1'), '1.2.3.4')).toBe('key:a u1');
    expect(limitKeyOf(caller('key:a', ['server'], null), '1.2.3.4')).toBe('key:a');
    expect(limitKeyOf(caller('key:a', ['client'], null), '1.2.3.4')).toBe('key:a @1.2.3.4');
    expect(limitKeyOf(LOCAL_CALLER, '::1')).toBe('::1');
  });
});
