/** A validation slice: pairs withheld from the training data to stop early and to choose settings by. */
import { rankingMetrics } from '../../math/ranking-metrics.js';
import { seededRandom } from '../../math/random.js';
import { type SparseMatrix } from '../../math/sparse-matrix.js';

/** Length of the list that is judged. */
export const VALIDATION_K = 20;
/** Part of a validation user's pairs that is withheld; short rows give two pairs, the shortest one. */
const WITHHELD_SHARE = 0.1;
const SHORT_ROW = 8;
/** A user with fewer pairs keeps them all. */
const LEAST_PAIRS = 3;

export interface Validation {
  /** User indexes, ascending. */
  readonly users: Int32Array;
  /** The items withheld of each of `users`. */
  readonly withheld: readonly ReadonlySet<number>[];
}

export interface Slices {
  /** The matrix without the withheld pairs. */
  readonly fit: SparseMatrix;
  readonly validation: Validation;
}

/** Withholds pairs of up to `mostUsers` users; who and what depends on the seed and the user's index alone. */
export function withhold(matrix: SparseMatrix, { seed, mostUsers }: { seed: number; mostUsers: number }): Slices {
  const { rows, starts } = matrix;
  const able = Array.from({ length: rows }, (_, user) => user).filter(
    (user) => starts[user + 1]! - starts[user]! >= LEAST_PAIRS,
  );
  const keys = new Map(able.map((user) => [user, seededRandom(seed, user).next()]));
  const users = able
    .sort((a, b) => keys.get(a)! - keys.get(b)! || a - b)
    .slice(0, mostUsers)
    .sort((a, b) => a - b);
  const chosen = new Set(users);
  const fit = { starts: new Int32Array(rows + 1), indexes: [] as number[], weights: [] as number[] };
  const withheld: Set<number>[] = [];
  for (let user = 0; user < rows; user++) {
    const out = chosen.has(user) ? withheldOf(matrix, user, seed) : null;
    if (out !== null) withheld.push(out);
    for (let at = starts[user]!; at < starts[user + 1]!; at++) {
      if (out?.has(matrix.indexes[at]!) === true) continue;
      fit.indexes.push(matrix.indexes[at]!);
      fit.weights.push(matrix.weights[at]!);
    }
    fit.starts[user + 1] = fit.indexes.length;
  }
  return {
    fit: {
      rows,
      columns: matrix.columns,
      starts: fit.starts,
      indexes: Int32Array.from(fit.indexes),
      weights: Float32Array.from(fit.weights),
    },
    validation: { users: Int32Array.from(users), withheld },
  };
}

function withheldOf({ starts, indexes }: SparseMatrix, user: number, seed: number): Set<number> {
  const [from, count] = [starts[user]!, starts[user + 1]! - starts[user]!];
  const random = seededRandom(seed, user, 1);
  const out = new Set<number>();
  const size = Math.max(count < SHORT_ROW ? 1 : 2, Math.round(count * WITHHELD_SHARE));
  while (out.size < size) out.add(indexes[from + random.below(count)]!);
  return out;
}

/** Mean NDCG of the users' lists (users x VALIDATION_K). */
export function validationScore(ranked: Int32Array, { withheld }: Validation): number {
  let sum = 0;
  withheld.forEach((items, at) => {
    sum += rankingMetrics(ranked, items, { from: at * VALIDATION_K, k: VALIDATION_K }).ndcg;
  });
  return sum / withheld.length;
}
