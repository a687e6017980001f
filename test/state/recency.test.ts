import fc from 'fast-check';
import { stateHash } from '../../src/state/checkpoint.js';
import { Recency } from '../../src/state/recency.js';
import { reloaded } from '../support/saved.js';

const steps = fc.array(fc.tuple(fc.constantFrom('touch', 'touch', 'remove'), fc.integer({ min: 0, max: 20 })), {
  maxLength: 80,
});

describe('Recency', () => {
  it('holds what an array holds whose touched ones move to the end, saved and read back too', () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        let recency = new Recency();
        let order: number[] = [];
        const run = (all: typeof before): void => {
          for (const [step, index] of all) {
            order = order.filter((other) => other !== index);
            if (step === 'touch') order.push(index);
            recency[step as 'touch' | 'remove'](index);
            expect(recency.oldest).toBe(order[0] ?? -1);
          }
          expect(recency.newest(100)).toEqual([...order].reverse());
        };
        run(before);
        const read = reloaded(recency, new Recency());
        expect(stateHash(read)).toBe(stateHash(recency));
        recency = read;
        run(after);
      }),
      { seed: 18, numRuns: 200 },
    );
  });

  it('gives as many of the newest as are asked for', () => {
    const recency = new Recency();
    for (const index of [4, 2, 9]) recency.touch(index);
    expect([0, 1, 2, 3, 4].map((count) => recency.newest(count))).toEqual([[], [9], [9, 2], [9, 2, 4], [9, 2, 4]]);
  });

  it('has no oldest before the first touch and after the last one is removed', () => {
    const recency = new Recency();
    expect(recency.oldest).toBe(-1);
    recency.remove(5);
    recency.touch(0);
    expect(recency.oldest).toBe(0);
    recency.remove(0);
    recency.remove(0);
    expect([recency.oldest, recency.newest(1)]).toEqual([-1, []]);
  });
});
