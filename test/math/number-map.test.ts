import fc from 'fast-check';
import { NumberMap } from '../../src/math/number-map.js';

const keys = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: 0, max: 2 ** 31 - 1 }).map((n) => n * 2 ** 20),
);
const steps = fc.array(fc.tuple(fc.constantFrom('set', 'delete'), keys, fc.integer({ min: 0, max: 1000 })), {
  maxLength: 300,
});

it('NumberMap holds what a Map holds, after any steps', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const map = new Map<number, number>();
      const ours = new NumberMap();
      for (const [step, key, value] of all) {
        if (step === 'set') {
          map.set(key, value);
          ours.set(key, value);
        } else {
          map.delete(key);
          ours.delete(key);
        }
      }
      expect(ours.size).toBe(map.size);
      for (const [, key] of all) expect(ours.get(key)).toBe(map.get(key) ?? -1);
    }),
    { seed: 3 },
  );
});
