/** A scope: what popularity is counted within. Its value in a given context and place of the session is one number. */
import { CONTEXT_DIMENSIONS } from '../events/event.js';
import { CODE_BOUNDS, type ContextCodes, UNKNOWN_CODE } from './contexts.js';

/** Place in the session: the first click, or a later one. */
export const FIRST_CLICK = 0;
export const LATER_CLICK = 1;
export type SessionPlace = typeof FIRST_CLICK | typeof LATER_CLICK;

export interface Scope {
  readonly name: string;
  /** Places in CONTEXT_DIMENSIONS. */
  readonly dimensions: readonly number[];
  readonly byPlace: boolean;
}

export function parseScope(name: string): Scope {
  const parts = name === 'all' ? [] : name.split('+');
  return {
    name,
    dimensions: CONTEXT_DIMENSIONS.flatMap((dimension, at) => (parts.includes(dimension) ? [at] : [])),
    byPlace: parts.includes('position'),
  };
}

/**
 * The scope's value, mixed radix over its place and dimensions, or -1 where the context lacks a dimension of it: such a
 * click is not counted in this scope.
 */
export function scopeValue(scope: Scope, codes: ContextCodes, place: SessionPlace): number {
  let value = scope.byPlace ? place + 1 : 0;
  for (const dimension of scope.dimensions) {
    const code = codes[dimension]!;
    if (code === UNKNOWN_CODE) return -1;
    value = value * CODE_BOUNDS[dimension]! + code;
  }
  return value;
}
