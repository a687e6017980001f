/** One tree of LightGBM's text format: `Tree=index` and lines of `key=numbers`, read by name; unknown keys are passed over. */
import { RankerError } from './ranker-error.js';
import { readFields } from './read-fields.js';
import { type LinearLeaves, type Tree } from './tree-ensemble.js';

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
/** A split between what is known and what is missing has an infinite threshold. */
const INFINITE = new Map([
  ['inf', Infinity],
  ['-inf', -Infinity],
]);

/** @throws RankerError RANKER_CORRUPT where a field is missing, is no number or has another length than num_leaves asks for */
export function readTree(block: string, index: number): Tree {
  const fields = new TreeFields(block, index);
  if (fields.one('Tree') !== index) fields.fail(`expected Tree=${index}, found Tree=${fields.one('Tree')}`);
  const leaves = fields.one('num_leaves');
  if (!Number.isInteger(leaves) || leaves < 1) fields.fail(`expected num_leaves of 1 or more, found ${leaves}`);
  const splits = leaves - 1;
  const sets = fields.one('num_cat');
  const boundaries = sets > 0 ? fields.numbers('cat_boundaries', sets + 1) : [];
  return {
    leaves,
    feature: fields.integers('split_feature', splits),
    threshold: fields.doubles('threshold', splits),
    decision: fields.bytes('decision_type', splits),
    left: fields.integers('left_child', splits),
    right: fields.integers('right_child', splits),
    gain: fields.doubles('split_gain', splits),
    splitValue: fields.doubles('internal_value', splits),
    splitWeight: fields.doubles('internal_weight', splits),
    splitCount: fields.doubles('internal_count', splits),
    leafValue: fields.doubles('leaf_value', leaves),
    // LightGBM leaves the weight and sometimes the count of a lone leaf out.
    leafWeight: fields.doubles('leaf_weight', leaves, leaves === 1),
    leafCount: fields.doubles('leaf_count', leaves, leaves === 1),
    categoryBoundaries: Int32Array.from(boundaries),
    categoryBits: sets > 0 ? Uint32Array.from(fields.numbers('cat_threshold', boundaries.at(-1)!)) : new Uint32Array(0),
    shrinkage: fields.has('shrinkage') ? fields.one('shrinkage') : 1,
    linear: fields.has('is_linear') && fields.one('is_linear') === 1 ? linearLeaves(fields, leaves) : null,
  };
}

function linearLeaves(fields: TreeFields, leaves: number): LinearLeaves {
  const counts = fields.integers('num_features', leaves);
  const ends: number[] = [];
  counts.forEach((count, leaf) => ends.push((ends[leaf - 1] ?? 0) + count));
  const features = fields.integers('leaf_features', ends.at(-1)!);
  const coefficients = fields.doubles('leaf_coeff', ends.at(-1)!);
  return {
    constants: fields.doubles('leaf_const', leaves),
    features: ends.map((end, leaf) => features.slice(end - counts[leaf]!, end)),
    coefficients: ends.map((end, leaf) => coefficients.slice(end - counts[leaf]!, end)),
  };
}

class TreeFields {
  private readonly fields: ReadonlyMap<string, string>;

  constructor(
    block: string,
    private readonly index: number,
  ) {
    this.fields = readFields(block, `tree ${index}`);
  }

  has(key: string): boolean {
    return this.fields.has(key);
  }

  one(key: string): number {
    return this.numbers(key, 1)[0]!;
  }

  doubles(key: string, length: number, optional = false): Float64Array {
    if (optional && (this.fields.get(key) ?? '') === '') return new Float64Array(length);
    return Float64Array.from(this.numbers(key, length));
  }

  integers(key: string, length: number): Int32Array {
    return Int32Array.from(this.within(key, length, -0x8000_0000, 0x7fff_ffff));
  }

  bytes(key: string, length: number): Uint8Array {
    return Uint8Array.from(this.within(key, length, 0, 0xff));
  }

  numbers(key: string, length: number): number[] {
    const text = this.fields.get(key);
    if (text === undefined) this.fail(`expected the field ${key}, found none`);
    const words = text.split(' ').filter(Boolean);
    if (words.length !== length) this.fail(`expected ${key} of ${length} values, found ${words.length}`);
    return words.map((word) => this.number(key, word));
  }

  private number(key: string, word: string): number {
    if (NUMBER.test(word)) return Number(word);
    return INFINITE.get(word) ?? this.fail(`expected numbers in ${key}, found "${word}"`);
  }

  fail(problem: string): never {
    throw new RankerError('RANKER_CORRUPT', `tree ${this.index}: ${problem}`);
  }

  // A typed array would wrap silently what it can't hold.
  private within(key: string, length: number, least: number, most: number): number[] {
    const numbers = this.numbers(key, length);
    const wrong = numbers.find((value) => !Number.isInteger(value) || value < least || value > most);
    if (wrong !== undefined) this.fail(`expected whole numbers from ${least} to ${most} in ${key}, found ${wrong}`);
    return numbers;
  }
}
