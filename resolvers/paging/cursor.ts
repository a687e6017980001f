/** Cursors: what they stand for, as base64url of JSON; opaque to clients. */
import { ApiError } from '../errors.js';

/** A place in a stored list: the item of this rank. */
export interface SlateCursor {
  readonly recommendationId: string;
  readonly rank: number;
}

export function encodeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws BAD_CURSOR */
export function decodeSlateCursor(cursor: string): SlateCursor {
  const [recommendationId, rank] = decode(cursor);
  if (typeof recommendationId !== 'string' || !Number.isInteger(rank) || (rank as number) < 1) throw badCursor();
  return { recommendationId, rank: rank as number };
}

/** The log position that a history cursor stands for. @throws BAD_CURSOR */
export function decodeHistoryCursor(cursor: string): number {
  const [kind, position] = decode(cursor);
  if (kind !== 'history' || !Number.isInteger(position)) throw badCursor();
  return position as number;
}

export function badCursor(why = 'the cursor is damaged'): ApiError {
  return new ApiError('BAD_CURSOR', why);
}

function decode(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts)) return parts;
  } catch {
    // Not JSON: the same error as for JSON of another shape.
  }
  throw badCursor();
}
