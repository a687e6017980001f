import { oracleList } from '../../../src/datasets/demo/oracle.js';
import { createWorld } from '../../../src/datasets/demo/world.js';

const START = Date.UTC(2026, 0, 1);
const NOW = START + 26 * 3_600_000;
const world = createWorld({ seed: 1, startsAt: START });
const query = { userId: world.readers[0]!.id, context: undefined, at: NOW, previous: [] };

describe('oracleList', () => {
  it('lists the articles that a click is likeliest to be on, likeliest first', () => {
    const odds = world.probabilities(world.visitor(query.userId), NOW, []);
    const list = oracleList(world, query, 10, () => true);
    const chances = list.map((id) => odds[world.indexOf(id)!]!);
    expect(list).toHaveLength(10);
    expect([...chances].sort((a, b) => b - a)).toEqual(chances);
    expect(chances[9]).toBe([...odds].sort((a, b) => b - a)[9]);
  });

  it('goes on after what it must not list, and lists nothing that can’t be clicked', () => {
    const [first, second, third] = oracleList(world, query, 3, () => true);
    expect(oracleList(world, query, 2, (id) => id !== first)).toEqual([second, third]);
    expect(oracleList(world, query, 5, () => false)).toEqual([]);
    expect(oracleList(world, { ...query, previous: [first!] }, 10, () => true)).not.toContain(first);
  });
});
