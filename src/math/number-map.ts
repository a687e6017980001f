/**
 * A hash table from non-negative safe integers to int32 in flat arrays: open addressing, linear probing, deletion by
 * shifting back. 12 bytes a place where a Map takes about 40; the layout depends only on the order of the calls.
 */
const EMPTY = -1;

export class NumberMap {
  private keys: Float64Array;
  private values: Int32Array;
  private mask: number;
  size = 0;

  constructor(capacity = 16) {
    let places = 16;
    while (places < capacity * 2) places *= 2;
    this.keys = new Float64Array(places).fill(EMPTY);
    this.values = new Int32Array(places);
    this.mask = places - 1;
  }

  /** The value, or -1 where the key is absent. */
  get(key: number): number {
    const at = this.find(key);
    return this.keys[at] === key ? this.values[at]! : -1;
  }

  set(key: number, value: number): void {
    let at = this.find(key);
    if (this.keys[at] !== key) {
      if ((this.size + 1) * 2 > this.keys.length) {
        this.rehash();
        at = this.find(key);
      }
      this.keys[at] = key;
      this.size++;
    }
    this.values[at] = value;
  }

  delete(key: number): void {
    let hole = this.find(key);
    if (this.keys[hole] !== key) return;
    this.size--;
    // An entry behind the hole moves into it unless its own home lies between the hole and itself.
    for (let at = (hole + 1) & this.mask; this.keys[at] !== EMPTY; at = (at + 1) & this.mask) {
      const home = this.home(this.keys[at]!);
      if (((at - home) & this.mask) >= ((at - hole) & this.mask)) {
        this.keys[hole] = this.keys[at]!;
        this.values[hole] = this.values[at]!;
        hole = at;
      }
    }
    this.keys[hole] = EMPTY;
  }

  private find(key: number): number {
    let at = this.home(key);
    while (this.keys[at] !== EMPTY && this.keys[at] !== key) at = (at + 1) & this.mask;
    return at;
  }

  private home(key: number): number {
    const low = key | 0;
    const high = Math.floor(key / 2 ** 32) | 0;
    const mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
    return (mixed ^ (mixed >>> 15)) & this.mask;
  }

  private rehash(): void {
    const { keys, values } = this;
    this.keys = new Float64Array(keys.length * 2).fill(EMPTY);
    this.values = new Int32Array(keys.length * 2);
    this.mask = this.keys.length - 1;
    for (let old = 0; old < keys.length; old++) {
      if (keys[old] === EMPTY) continue;
      const at = this.find(keys[old]!);
      this.keys[at] = keys[old]!;
      this.values[at] = values[old]!;
    }
  }
}
