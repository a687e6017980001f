/**
 * QuickScorer (Lucchese et al. 2015) over 16 rows at once with the byte-wise masks of RapidScorer (Ye et al. 2018), in
 * AssemblyScript with 128-bit vectors. A tree is a string of bits, one a leaf from left to right; each split that a row fails
 * clears the bits of its left side, and the first bit that stays is the row's leaf. Bits of 16 rows lie side by side, byte by
 * byte, so one instruction clears them in 16 rows. Values come as ranks among the thresholds of their column: a byte each.
 * Pointers are byte offsets, unchecked; `src/engine/trees/scorer-layout.ts` makes what they point to.
 */

const LANES: usize = 16;

/**
 * ranks[row] = the number of the table's thresholds below the row's value, NaN ranks first; 8 rows at a time, for their searches
 * overlap. A table has 2^n places, ascending, padded by infinity; `half` is half its size in bytes.
 */
export function rankValues(values: usize, rows: usize, table: usize, half: usize, ranks: usize): void {
  for (let row: usize = 0; row < rows; row += 8) {
    const at = values + (row << 2);
    let a: usize = 0;
    let b: usize = 0;
    let c: usize = 0;
    let d: usize = 0;
    let e: usize = 0;
    let f: usize = 0;
    let g: usize = 0;
    let h: usize = 0;
    for (let step = half; step >= 4; step >>= 1) {
      const last = table + step - 4;
      a += select(step, 0, load<f32>(at) > load<f32>(last + a));
      b += select(step, 0, load<f32>(at, 4) > load<f32>(last + b));
      c += select(step, 0, load<f32>(at, 8) > load<f32>(last + c));
      d += select(step, 0, load<f32>(at, 12) > load<f32>(last + d));
      e += select(step, 0, load<f32>(at, 16) > load<f32>(last + e));
      f += select(step, 0, load<f32>(at, 20) > load<f32>(last + f));
      g += select(step, 0, load<f32>(at, 24) > load<f32>(last + g));
      h += select(step, 0, load<f32>(at, 28) > load<f32>(last + h));
    }
    const to = ranks + row;
    store<u8>(to, a >> 2);
    store<u8>(to, b >> 2, 1);
    store<u8>(to, c >> 2, 2);
    store<u8>(to, d >> 2, 3);
    store<u8>(to, e >> 2, 4);
    store<u8>(to, f >> 2, 5);
    store<u8>(to, g >> 2, 6);
    store<u8>(to, h >> 2, 7);
  }
}

// Lanes of ones where one of four values is missing.
function missing4(at: usize, largestZero: v128): v128 {
  const four = v128.load(at);
  return v128.or(f32x4.ne(four, four), f32x4.le(f32x4.abs(four), largestZero));
}

/** columnRanks = ranks, but `missingRank` where the value is NaN or at most `largestZero` in size. */
export function rankMissing(
  values: usize,
  rows: usize,
  ranks: usize,
  missingRank: i32,
  largestZero: f32,
  columnRanks: usize,
): void {
  const zero = f32x4.splat(largestZero);
  const instead = i8x16.splat(<i8>missingRank);
  for (let row: usize = 0; row < rows; row += LANES) {
    const at = values + (row << 2);
    const low = i16x8.narrow_i32x4_s(missing4(at, zero), missing4(at + 16, zero));
    const high = i16x8.narrow_i32x4_s(missing4(at + 32, zero), missing4(at + 48, zero));
    const missing = i8x16.narrow_i16x8_s(low, high);
    v128.store(columnRanks + row, v128.bitselect(instead, v128.load(ranks + row), missing));
  }
}

let bits: usize = 0;
let leafScratch: usize = 0;

/** Room for the bits of 16 rows of the largest block, and for their leaves. */
export function openScorer(bitsOf16: usize, scratch: usize): void {
  bits = bitsOf16;
  leafScratch = scratch;
}

// A column of a block: where its ranks are, its runs, its masks. A run: the threshold's place, and how many masks it has.
function clearBits(columns: usize, columnsEnd: usize, ranksAt: usize): void {
  for (let column = columns; column < columnsEnd; column += 16) {
    const ranks = v128.load(ranksAt + <usize>load<u32>(column));
    const runsEnd = <usize>load<u32>(column, 8);
    let mask = <usize>load<u32>(column, 12);
    for (let run = <usize>load<u32>(column, 4); run < runsEnd; run += 4) {
      const threshold = load<u32>(run);
      const failed = i8x16.gt_u(ranks, i8x16.splat(<i8>threshold));
      // Thresholds rise: who fails none here fails none further on.
      if (!v128.any_true(failed)) break;
      for (const end = mask + <usize>(threshold >> 8) * 4; mask < end; mask += 4) {
        const word = load<u32>(mask);
        const at = bits + ((<usize>(word >> 8)) << 4);
        v128.store(at, v128.andnot(v128.load(at), v128.and(failed, i8x16.splat(<i8>word))));
      }
    }
  }
}

// Place of the first bit of each row among `bytes` bytes.
function firstBits(from: usize, bytes: usize): v128 {
  let at = from + ((bytes - 1) << 4);
  let byte = v128.load(at);
  let base = i8x16.splat(<i8>((bytes - 1) << 3));
  for (let index = bytes - 1; index > 0; index--) {
    at -= LANES;
    const other = v128.load(at);
    const empty = i8x16.eq(other, i8x16.splat(0));
    byte = v128.bitselect(byte, other, empty);
    base = v128.bitselect(base, i8x16.splat(<i8>((index - 1) << 3)), empty);
  }
  // Trailing zeros of a nibble.
  const table = i8x16(0, 0, 1, 0, 2, 0, 1, 0, 3, 0, 1, 0, 2, 0, 1, 0);
  const low = v128.and(byte, i8x16.splat(15));
  const lowZeros = i8x16.swizzle(table, low);
  const highZeros = i8x16.add(i8x16.swizzle(table, i8x16.shr_u(byte, 4)), i8x16.splat(4));
  return i8x16.add(base, v128.bitselect(highZeros, lowZeros, i8x16.eq(low, i8x16.splat(0))));
}

function pair(leaves: usize, places: usize): v128 {
  const first = v128.load64_zero(leaves + ((<usize>load<u8>(places)) << 3));
  return v128.load64_lane(leaves + ((<usize>load<u8>(places, 1)) << 3), first, 1);
}

// scores[row] += the leaf of each tree, in their order.
function addLeaves(trees: usize, treesEnd: usize, scores: usize): void {
  let s0 = v128.load(scores);
  let s1 = v128.load(scores, 16);
  let s2 = v128.load(scores, 32);
  let s3 = v128.load(scores, 48);
  let s4 = v128.load(scores, 64);
  let s5 = v128.load(scores, 80);
  let s6 = v128.load(scores, 96);
  let s7 = v128.load(scores, 112);
  let from = bits;
  const places = leafScratch;
  // A tree: bytes of bits, values of its leaves.
  for (let tree = trees; tree < treesEnd; tree += 8) {
    const bytes = <usize>load<u32>(tree);
    const leaves = <usize>load<u32>(tree, 4);
    v128.store(places, firstBits(from, bytes));
    from += bytes << 4;
    s0 = f64x2.add(s0, pair(leaves, places));
    s1 = f64x2.add(s1, pair(leaves, places + 2));
    s2 = f64x2.add(s2, pair(leaves, places + 4));
    s3 = f64x2.add(s3, pair(leaves, places + 6));
    s4 = f64x2.add(s4, pair(leaves, places + 8));
    s5 = f64x2.add(s5, pair(leaves, places + 10));
    s6 = f64x2.add(s6, pair(leaves, places + 12));
    s7 = f64x2.add(s7, pair(leaves, places + 14));
  }
  v128.store(scores, s0);
  v128.store(scores, s1, 16);
  v128.store(scores, s2, 32);
  v128.store(scores, s3, 48);
  v128.store(scores, s4, 64);
  v128.store(scores, s5, 80);
  v128.store(scores, s6, 96);
  v128.store(scores, s7, 112);
}

/** scores[row] (float64) += the trees of one block, for rows in groups of 16; a row's rank is at ranks + row. */
export function scoreBlock(
  columns: usize,
  columnsEnd: usize,
  trees: usize,
  treesEnd: usize,
  bytes: usize,
  rows: usize,
  ranks: usize,
  scores: usize,
): void {
  for (let row: usize = 0; row < rows; row += LANES) {
    memory.fill(bits, 0xff, bytes << 4);
    clearBits(columns, columnsEnd, ranks + row);
    addLeaves(trees, treesEnd, scores + (row << 3));
  }
}
