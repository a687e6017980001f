import { durationOf } from '../../src/commands/duration.js';
import { runCommand } from '../support/command.js';

describe('durationOf', () => {
  it.each([
    ['1s', 1_000],
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['6h', 21_600_000],
    ['1d', 86_400_000],
    ['24d', 2_073_600_000],
  ])('%s is %d ms', (text, ms) => expect(durationOf('--every', text)).toBe(ms));

  it.each(['', '6', 'h', '0h', '-1h', '1.5h', '6 h', '6H', '25d', '1w', '999999999999999999999d'])(
    'refuses "%s" and says what is allowed',
    (text) => {
      const allowed = 'a whole number with s, m, h or d, such as 90s, 30m, 6h or 1d, from 1s to 24d';
      expect(() => durationOf('--every', text)).toThrow(`--every is "${text}"; allowed is ${allowed}`);
    },
  );

  it('is checked before the server opens anything', async () => {
    const { code, stdout, stderr } = await runCommand('serve', '--data', '/nowhere/at/all', '--every', 'often');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^BAD_OPTION: --every is "often"; allowed is a whole number with s, m, h or d/);
  });
});
