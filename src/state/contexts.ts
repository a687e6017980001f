/**
 * Contexts as numbers: each combination of device, OS, country, region and referrer that the log has shown gets an index
 * (0: none of them known), each value of a dimension a code. Both are bounded; what comes after that counts as "other".
 */
import { CONTEXT_DIMENSIONS, type Context } from '../events/event.js';
import { type SectionReader, type SectionWriter } from './sections.js';

/** Code of a value that was not given, or that the log has never shown. */
export const UNKNOWN_CODE = 0;
/** Code of every value beyond the bound of its dimension. */
export const OTHER_CODE = 1;
const FIRST_CODE = 2;

/** Values of each dimension that are told apart; the product, 2^40, leaves room below 2^53 for the place in the session. */
const VALUES = { device: 64, os: 64, country: 512, region: 2_048, referrer: 256 } as const;
/** Codes of each dimension lie below this, in the order of CONTEXT_DIMENSIONS. */
export const CODE_BOUNDS: readonly number[] = CONTEXT_DIMENSIONS.map((dimension) => VALUES[dimension]);
const COMBINATIONS = 65_536;

/** Codes of the five dimensions, in the order of CONTEXT_DIMENSIONS. */
export type ContextCodes = readonly number[];

export class Contexts {
  private readonly names = CONTEXT_DIMENSIONS.map(() => [] as string[]);
  private readonly codeOf = CONTEXT_DIMENSIONS.map(() => new Map<string, number>());
  private combinations: number[][] = [CONTEXT_DIMENSIONS.map(() => UNKNOWN_CODE)];
  private readonly indexOf = new Map<number, number>([[0, 0]]);

  get count(): number {
    return this.combinations.length;
  }

  /** Index of the combination; one that is new gets the next index, or 0 where there are too many. */
  intern(context: Context | undefined): number {
    if (context === undefined) return 0;
    const codes = CONTEXT_DIMENSIONS.map((dimension, at) => {
      const value = context[dimension];
      return value === undefined ? UNKNOWN_CODE : (this.codeOf[at]!.get(value) ?? this.declare(at, value));
    });
    const key = keyOf(codes);
    const known = this.indexOf.get(key);
    if (known !== undefined) return known;
    if (this.combinations.length >= COMBINATIONS) return 0;
    this.indexOf.set(key, this.combinations.length);
    this.combinations.push(codes);
    return this.combinations.length - 1;
  }

  /** Codes of a context that may hold values never seen; changes nothing. */
  codes(context: Context): ContextCodes {
    return CONTEXT_DIMENSIONS.map((dimension, at) => {
      const value = context[dimension];
      if (value === undefined) return UNKNOWN_CODE;
      const full = this.names[at]!.length + FIRST_CODE >= VALUES[dimension];
      return this.codeOf[at]!.get(value) ?? (full ? OTHER_CODE : UNKNOWN_CODE);
    });
  }

  codesAt(index: number): ContextCodes {
    return this.combinations[index]!;
  }

  /** The context of an index, as far as its values are told apart. */
  context(index: number): Context {
    const context: { [dimension: string]: string } = {};
    this.combinations[index]!.forEach((code, at) => {
      if (code !== UNKNOWN_CODE) context[CONTEXT_DIMENSIONS[at]!] = this.name(at, code);
    });
    return context;
  }

  private name(dimension: number, code: number): string {
    return code === OTHER_CODE ? 'other' : this.names[dimension]![code - FIRST_CODE]!;
  }

  private declare(dimension: number, value: string): number {
    const names = this.names[dimension]!;
    const code = names.length + FIRST_CODE;
    if (code >= VALUES[CONTEXT_DIMENSIONS[dimension]!]) return OTHER_CODE;
    names.push(value);
    this.codeOf[dimension]!.set(value, code);
    return code;
  }

  save(out: SectionWriter): void {
    out.json('contexts', { names: this.names, combinations: this.combinations });
  }

  load(from: SectionReader): void {
    const saved = from.json<{ names: string[][]; combinations: number[][] }>('contexts');
    saved.names.forEach((names, at) => names.forEach((name) => this.declare(at, name)));
    this.combinations = saved.combinations;
    this.combinations.forEach((codes, index) => this.indexOf.set(keyOf(codes), index));
  }
}

/** One number for a combination: mixed radix over the dimensions. */
function keyOf(codes: ContextCodes): number {
  return CODE_BOUNDS.reduce((key, bound, at) => key * bound + codes[at]!, 0);
}
