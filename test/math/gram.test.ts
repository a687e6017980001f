import { addGram, mirror } from '../../src/math/gram.js';
import { seededRandom } from '../../src/math/random.js';
import { denseGram } from '../support/als-world.js';

it('adds up the Gram matrix range by range', () => {
  const random = seededRandom(5);
  const factors = Float32Array.from({ length: 11 * 6 }, () => random.normal());
  const sum = new Float32Array(36);
  for (const [from, to] of [
    [0, 4],
    [4, 5],
    [5, 11],
  ] as const)
    addGram(factors, 6, { from, to }, sum);
  mirror(sum, 6);
  denseGram(factors, 6, 1).forEach((value, at) => expect(sum[at]).toBeCloseTo(value, 4));
});
