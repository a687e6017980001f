import fc from 'fast-check';
import { Chains } from '../../src/state/chains.js';

const ROWS = 12;
const step = fc.tuple(fc.integer({ min: 0, max: ROWS - 1 }), fc.integer({ min: 0, max: 3 }));

function rowsOf(chains: Chains, group: number): number[] {
  const rows: number[] = [];
  for (let row = chains.newest(group); row !== -1; row = chains.older(row)) rows.push(row);
  return rows;
}

describe('Chains', () => {
  it('lists the rows of each group, the one that joined last first, whoever leaves from where', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const chains = new Chains(ROWS);
        const groups: number[][] = [[], [], [], []];
        for (const [row, group] of steps) {
          const own = groups.findIndex((rows) => rows.includes(row));
          if (own === -1) {
            chains.join(group, row);
            groups[group]!.unshift(row);
          } else {
            chains.leave(own, row);
            groups[own] = groups[own]!.filter((other) => other !== row);
          }
        }
        expect(groups.map((_, group) => rowsOf(chains, group))).toEqual(groups);
      }),
      { seed: 33, numRuns: 200 },
    );
  });

  it('has no newest row in a group that never was', () => {
    expect(new Chains(2).newest(2 ** 52)).toBe(-1);
  });
});
