/**
 * Seeded random numbers: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state, the same sequence on every machine.
 * Streams seeded from different integers, or from the same ones in another order, are independent for all practical purposes.
 */

const MIXING_ROUNDS = 12;
const TWO_TO_32 = 4_294_967_296;

export class Random {
  private a = 0x9e3779b9 | 0;
  private b = 0x243f6a88 | 0;
  private c = 0xb7e15162 | 0;
  private counter = 1;

  /** Seeds from any number of integers, each up to 2^53 in size: times in milliseconds need no folding. */
  constructor(seeds: readonly number[]) {
    for (const seed of seeds) {
      this.a ^= seed | 0;
      this.b ^= Math.floor(seed / TWO_TO_32) | 0;
      for (let round = 0; round < MIXING_ROUNDS; round += 1) this.bits();
    }
  }

  /** Uniform in [0, 1), in steps of 2^-32. */
  next(): number {
    return this.bits() / TWO_TO_32;
  }

  /** A whole number from 0 to n - 1; the bias, at most n / 2^32, doesn't matter for the small n of this project. */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  /** Standard normal (Box and Muller, one of the pair). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  private bits(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }
}

/** The stream that belongs to these integers: `seededRandom(seed, day, n)`. */
export function seededRandom(...seeds: number[]): Random {
  return new Random(seeds);
}
