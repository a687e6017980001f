/**
 * What a trial costs, in billions of floating-point operations: a measure that, unlike seconds, is the same on every
 * machine and run, so that a search of the same data with the same budget tries the same points.
 */
import { type SparseMatrix } from '../../math/sparse-matrix.js';
import { LOOK_EVERY } from './fit-als.js';

const GIGA = 1e9;

/** One round: both half-steps of `steps` conjugate gradient steps (and the first residual), and both Gram matrices. */
export function roundWork({ rows, columns, indexes }: SparseMatrix, factors: number, steps: number): number {
  const products = (steps + 1) * (2 * factors ** 2 * (rows + columns) + 8 * factors * indexes.length);
  return (products + factors ** 2 * (rows + columns)) / GIGA;
}

/** One look at the validation slice: a score of each item for each validation user. */
export function lookWork({ columns }: SparseMatrix, factors: number, users: number): number {
  return (2 * factors * users * columns) / GIGA;
}

export function trialWork(matrix: SparseMatrix, trial: { factors: number; steps: number; users: number }): number {
  return roundWork(matrix, trial.factors, trial.steps) + lookWork(matrix, trial.factors, trial.users) / LOOK_EVERY;
}

/** A look need not cost more than two rounds, but fewer users than this would say too little, and more add nothing. */
const LEAST_USERS = 2_000;
const MOST_USERS = 10_000;

export function validationUsers(matrix: SparseMatrix, factors: number, steps: number): number {
  const affordable = (2 * roundWork(matrix, factors, steps)) / lookWork(matrix, factors, 1);
  return Math.round(Math.min(MOST_USERS, Math.max(LEAST_USERS, affordable)));
}

/** What small data needs: as much as this many rounds with long vectors. */
const ROUNDS = 140;
const LONG = 256;

/**
 * The budget of a search and the last fit. For large data it is bounded by 1 trillion operations and 2.5 more per million
 * pairs: 2 cores at 10 billion operations a second each spend 5 minutes on 2 million pairs.
 */
export function defaultWork(matrix: SparseMatrix, steps: number): number {
  const users = Math.min(matrix.rows, validationUsers(matrix, LONG, steps));
  const enough = ROUNDS * trialWork(matrix, { factors: LONG, steps, users });
  return Math.min(enough, 1_000 + 2_500 * (matrix.indexes.length / 1e6));
}
