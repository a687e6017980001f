import { boundedNames } from '../../src/telemetry/bounded-names.js';

it('tells the first names that succeeded apart, and no others', () => {
  const nameOf = boundedNames(2);
  const asked: [string | null, boolean][] = [
    ['Refused', false],
    ['Home', true],
    ['Home', false],
    [null, true],
    ['List', true],
    ['Third', true],
    ['List', true],
  ];
  expect(asked.map(([name, succeeded]) => nameOf(name, succeeded))).toEqual([
    'other',
    'Home',
    'Home',
    'anonymous',
    'List',
    'other',
    'List',
  ]);
});
