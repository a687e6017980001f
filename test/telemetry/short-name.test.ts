import { shortName } from '../../src/telemetry/short-name.js';

it.each([
  ['Home', 'Home'],
  ['A'.repeat(100), 'A'.repeat(100)],
  ['A'.repeat(101), `${'A'.repeat(100)}…`],
  [null, null],
  [undefined, null],
])('tells %s as %s', (name, told) => expect(shortName(name)).toBe(told));
