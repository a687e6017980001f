import { seededRandom } from '../../../src/math/random.js';
import { validationScore, VALIDATION_K, withhold } from '../../../src/training/als/validation.js';
import { matrixOf, tasteWorld } from '../../support/als-world.js';

const world = tasteWorld(seededRandom(1), { users: 60, items: 200, likes: 30 });

describe('withhold', () => {
  it('takes about a tenth of the pairs of its users out of the matrix, and nothing else', () => {
    const { fit, validation } = withhold(world, { seed: 4, mostUsers: 20 });
    expect(validation.users).toHaveLength(20);
    expect(fit.starts[fit.rows]).toBe(fit.indexes.length);
    const itemsOf = ({ starts, indexes }: typeof world, user: number) => [
      ...indexes.subarray(starts[user], starts[user + 1]),
    ];
    for (let user = 0; user < world.rows; user++) {
      const at = validation.users.indexOf(user);
      const out = at < 0 ? new Set<number>() : validation.withheld[at]!;
      const all = itemsOf(world, user);
      if (at >= 0) expect(out.size).toBe(Math.round(all.length / 10));
      expect(itemsOf(fit, user)).toEqual(all.filter((item) => !out.has(item)));
    }
  });

  it('withholds the same pairs for the same seed and others for another', () => {
    expect(withhold(world, { seed: 4, mostUsers: 20 })).toEqual(withhold(world, { seed: 4, mostUsers: 20 }));
    const other = withhold(world, { seed: 5, mostUsers: 20 }).validation.users;
    expect(other).not.toEqual(withhold(world, { seed: 4, mostUsers: 20 }).validation.users);
  });

  it('leaves users with fewer than three pairs as they are', () => {
    const matrix = matrixOf([[0, 0], [0, 1], [1, 0], [1, 1], [1, 2]], 2, 3); // prettier-ignore
    const { fit, validation } = withhold(matrix, { seed: 1, mostUsers: 10 });
    expect([...validation.users]).toEqual([1]);
    expect(fit.indexes).toHaveLength(4);
  });
});

it('validationScore is the mean NDCG of the lists', () => {
  const ranked = new Int32Array(2 * VALIDATION_K).fill(-1);
  ranked[0] = 7;
  const withheld = [new Set([7]), new Set([7])];
  expect(validationScore(ranked, { users: Int32Array.of(0, 1), withheld })).toBe(0.5);
});
