import { parseScenarios } from '../../src/engine/scenario-file.js';

describe('parseScenarios', () => {
  it('takes from the default what is not given, and may redefine a built-in one', () => {
    const own = { name: 'default', diversity: { caps: [{ attribute: 'section', most: 2 }] } };
    const parsed = parseScenarios([own]);
    expect(parsed.map(({ name }) => name).sort()).toEqual(['default', 'diverse', 'fresh']);
    const mine = parsed.find(({ name }) => name === 'default')!;
    expect(mine.diversity.caps).toEqual([{ attribute: 'section', most: 2, within: 10 }]);
    expect(mine.quotas.POPULARITY).toBe(200);
  });

  it.each([
    [{}, 'expected a list of scenarios'],
    [[1], 'scenario 0 must be an object'],
    [[{ name: 'a b' }], 'scenario 0: name must be 1 to 64 letters, digits, "_" or "-"'],
    [[{ name: 'a', weight: 1 }], 'scenario 0: unknown field "weight"; allowed are name, weights, quotas, diversity'],
    [[{ name: 'a', weights: { COLD: { POPULARITY: 2 } } }], 'a.weights.COLD.POPULARITY must be a number from 0 to 1'],
    [[{ name: 'a', quotas: { NEWEST: 0 } }], 'a.quotas.NEWEST must be a number from 1 to 1000'],
    [[{ name: 'a', diversity: { lambda: 'high' } }], 'a.diversity.lambda must be a number from 0 to 1'],
    [[{ name: 'a', diversity: { attributes: 'section' } }], 'a.diversity.attributes must be a list of attribute names'],
    [[{ name: 'a', diversity: { caps: {} } }], 'a.diversity.caps must be a list'],
    [[{ name: 'a', diversity: { caps: [{ most: 1 }] } }], 'a.diversity.caps: attribute must be a name'],
  ])('refuses %j', (given, message) => {
    expect(() => parseScenarios(given)).toThrow(message);
  });
});
