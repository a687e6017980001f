/** Checks of what clients send: each says what was found and what is allowed, under a code of the table. */
import { type Context, CONTEXT_DIMENSIONS } from '../src/events/event.js';
import { MAX_CONTEXT_CHARACTERS, MAX_ID_CHARACTERS, textProblem } from '../src/events/text-rules.js';
import { ApiError, type ErrorCode } from './errors.js';

export const LIMITS = {
  first: 100,
  userIds: 100,
  itemIds: 1_000,
  entries: 1_000,
  weight: 1_000,
  futureMs: 5 * 60_000,
} as const;

/** Why an entry of a mutation is refused. */
export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Checks a page size; 10 where none is given. @throws FIRST_OUT_OF_RANGE */
export function pageSize(first: number | null | undefined): number {
  const size = first ?? 10;
  if (size < 1 || size > LIMITS.first) {
    throw new ApiError('FIRST_OUT_OF_RANGE', `first is ${size}; it must be between 1 and ${LIMITS.first}`);
  }
  return size;
}

/** @throws the problem, as an error of the whole field */
export function demand(problem: Problem | null): void {
  if (problem !== null) throw new ApiError(problem.code, problem.message);
}

export function idProblem(name: string, id: string | null | undefined): Problem | null {
  if (id == null) return null;
  const complaint = textProblem(id, MAX_ID_CHARACTERS);
  return complaint === null ? null : { code: 'BAD_ID', message: `${name} ${complaint}` };
}

export function contextProblem(context: Context | null | undefined): Problem | null {
  for (const dimension of CONTEXT_DIMENSIONS) {
    const value = context?.[dimension];
    if (value == null) continue;
    const complaint = textProblem(value, MAX_CONTEXT_CHARACTERS);
    if (complaint !== null) return { code: 'BAD_CONTEXT', message: `context.${dimension} ${complaint}` };
  }
  return null;
}

/** `time`: ms, or NaN for a text that is no time. What happened lies at most minutes after `now`; without it any future may. */
export function timeProblem(name: string, time: number | null | undefined, now = Infinity): Problem | null {
  if (time == null) return null;
  if (Number.isNaN(time)) {
    return { code: 'BAD_TIME', message: `${name} is not a time in ISO 8601, such as 2026-01-05T12:00:00Z` };
  }
  if (time < 0) return { code: 'BAD_TIME', message: `${name} is before 1970` };
  if (time > now + LIMITS.futureMs) {
    return { code: 'BAD_TIME', message: `${name} is more than ${LIMITS.futureMs / 60_000} minutes in the future` };
  }
  return null;
}

/** The first of the problems, or null. */
export function firstProblem(...problems: readonly (Problem | null)[]): Problem | null {
  return problems.find((problem) => problem !== null) ?? null;
}

/** @throws TOO_MANY_ENTRIES */
export function demandEntries(entries: readonly unknown[]): void {
  if (entries.length > LIMITS.entries) {
    throw new ApiError('TOO_MANY_ENTRIES', `${entries.length} entries; one mutation takes at most ${LIMITS.entries}`);
  }
}

/** The dimensions that are given, without nulls. */
export function givenContext(context: Context | null | undefined): Context | undefined {
  if (context == null) return undefined;
  const given = CONTEXT_DIMENSIONS.flatMap((dimension) => {
    const value = context[dimension];
    return value == null ? [] : [[dimension, value] as const];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}
