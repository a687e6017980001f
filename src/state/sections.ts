/**
 * How a part of the state is written down and read back: named sections, each a flat array or a JSON value.
 * A part saves only what it can't derive, trimmed to what is used, so that equal states give equal bytes.
 */
import { type NumberArray } from '../math/grow.js';

export interface SectionWriter {
  array(name: string, values: NumberArray): void;
  json(name: string, value: unknown): void;
}

export interface SectionReader {
  /** A copy that the caller owns. */
  array<A extends NumberArray>(name: string): A;
  json<T>(name: string): T;
}

/** A part of the state that can be written into a checkpoint and read back. */
export interface Saved {
  save(out: SectionWriter): void;
  load(from: SectionReader): void;
}
