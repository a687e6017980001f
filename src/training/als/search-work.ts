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

/** 0.3 trillion operations, and 2.5 more per million pairs: some 4 CPU minutes for a million pairs. */
export function defaultWork({ indexes }: SparseMatrix): number {
  return 300 + 2_500 * (indexes.length / 1e6);
}
