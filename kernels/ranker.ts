/**
 * Kernels of boosted ranking trees, in AssemblyScript with 128-bit vectors over the memory that the training threads share.
 * Gradients are whole numbers of a fixed step, so that sums over rows are exact in any order: a row's pair is its gradient
 * and its hessian as int32; a bin of a histogram is a vector of two int64, the sum of gradients and, in one number,
 * (rows << countShift) + the sum of hessians. Pointers are byte offsets, unchecked.
 */

let countShift: i64 = 0;
let oneRow = i64x2.splat(0);

/** The place of the row count within a bin's second number. */
export function openTree(shift: i32): void {
  countShift = shift;
  oneRow = i64x2.replace_lane(i64x2.splat(0), 1, (<i64>1) << shift);
}

function addTo(bin: usize, pair: v128): void {
  v128.store(bin, i64x2.add(v128.load(bin), pair));
}

/** Adds rows to the histograms of four features; `columns` and `histograms` hold four pointers each. */
export function addRows4(rows: usize, pairs: usize, count: i32, columns: usize, histograms: usize): void {
  const c0 = <usize>load<u32>(columns);
  const c1 = <usize>load<u32>(columns, 4);
  const c2 = <usize>load<u32>(columns, 8);
  const c3 = <usize>load<u32>(columns, 12);
  const h0 = <usize>load<u32>(histograms);
  const h1 = <usize>load<u32>(histograms, 4);
  const h2 = <usize>load<u32>(histograms, 8);
  const h3 = <usize>load<u32>(histograms, 12);
  const one = oneRow;
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 4, pairs += 8) {
    const row = <usize>load<u32>(rows);
    const pair = i64x2.add(v128.load32x2_s(pairs), one);
    addTo(h0 + ((<usize>load<u8>(c0 + row)) << 4), pair);
    addTo(h1 + ((<usize>load<u8>(c1 + row)) << 4), pair);
    addTo(h2 + ((<usize>load<u8>(c2 + row)) << 4), pair);
    addTo(h3 + ((<usize>load<u8>(c3 + row)) << 4), pair);
  }
}

/** The same for one feature. */
export function addRows(rows: usize, pairs: usize, count: i32, column: usize, histogram: usize): void {
  const one = oneRow;
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 4, pairs += 8) {
    const bin = histogram + ((<usize>load<u8>(column + <usize>load<u32>(rows))) << 4);
    addTo(bin, i64x2.add(v128.load32x2_s(pairs), one));
  }
}

/** Empties so many bins. */
export function clear(histogram: usize, bins: i32): void {
  memory.fill(histogram, 0, (<usize>bins) << 4);
}

/** Copies row numbers. */
export function copyRows(rows: usize, count: i32, to: usize): void {
  memory.copy(to, rows, (<usize>count) << 2);
}

/** from -= part, of so many bins. */
export function subtract(from: usize, part: usize, bins: i32): void {
  const end = from + ((<usize>bins) << 4);
  for (; from < end; from += 16, part += 16) v128.store(from, i64x2.sub(v128.load(from), v128.load(part)));
}

/** Sums over all bins into `out`, three doubles: gradients and hessians, in steps, and rows. */
export function sumBins(histogram: usize, bins: i32, out: usize): void {
  let sum = i64x2.splat(0);
  const end = histogram + ((<usize>bins) << 4);
  for (; histogram < end; histogram += 16) sum = i64x2.add(sum, v128.load(histogram));
  const packed = i64x2.extract_lane(sum, 1);
  store<f64>(out, <f64>i64x2.extract_lane(sum, 0));
  store<f64>(out, <f64>(packed & (((<i64>1) << countShift) - 1)), 8);
  store<f64>(out, <f64>(packed >> countShift), 16);
}

/** out[k] = pairs[rows[k]] */
export function gatherPairs(rows: usize, count: i32, pairs: usize, out: usize): void {
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 4, out += 8) store<u64>(out, load<u64>(pairs + ((<usize>load<u32>(rows)) << 3)));
}

/**
 * Copies rows to `left` where the bin less `shift`, modulo 256, is at most `last`, else to `right`; keeps their order.
 * Returns how many went left. Either side needs room for all rows.
 */
export function partition(
  rows: usize,
  count: i32,
  column: usize,
  shift: u32,
  last: u32,
  left: usize,
  right: usize,
): i32 {
  const start = left;
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 4) {
    const row = load<u32>(rows);
    const goesLeft = <usize>(((<u32>load<u8>(column + <usize>row) - shift) & 255) <= last);
    store<u32>(left, row);
    store<u32>(right, row);
    left += goesLeft << 2;
    right += (goesLeft ^ 1) << 2;
  }
  return <i32>((left - start) >> 2);
}

// Sums of the leaf, its least side, and the split that is best so far.
let leafG: i64 = 0;
let leafPacked: i64 = 0;
let l2: f64 = 0;
let minRows: i64 = 0;
let minHessian: f64 = 0;
let gradientStep: f64 = 0;
let hessianStep: f64 = 0;
let bestTop: f64 = 0;
let bestBottom: f64 = 1;
let bestBin: i32 = -1;
let bestMissingLeft: i32 = 0;
let bestG: i64 = 0;
let bestPacked: i64 = 0;

/** What every split of a tree has to keep to, and the steps of its whole numbers. */
export function openSearch(rows: i32, hessian: f64, ridge: f64, gStep: f64, hStep: f64): void {
  minRows = rows;
  minHessian = hessian;
  l2 = ridge;
  gradientStep = gStep;
  hessianStep = hStep;
}

// Tries all splits between the bins first..last, with (g, packed) already on the left.
function scan(histogram: usize, first: i32, last: i32, g: i64, packed: i64, missingLeft: i32): void {
  const mask = ((<i64>1) << countShift) - 1;
  const rows = leafPacked >> countShift;
  for (let bin = first; bin <= last; bin++) {
    const at = histogram + ((<usize>bin) << 4);
    const added = load<i64>(at, 8);
    if (added === 0) continue;
    g += load<i64>(at);
    packed += added;
    const count = packed >> countShift;
    if (count < minRows) continue;
    if (rows - count < minRows) break;
    const hl = <f64>(packed & mask) * hessianStep;
    if (hl < minHessian) continue;
    const hr = <f64>((leafPacked & mask) - (packed & mask)) * hessianStep;
    if (hr < minHessian) break;
    const gl = <f64>g;
    const gr = <f64>(leafG - g);
    // gl^2 / hl + gr^2 / hr as a fraction: compared with the best one without dividing
    const top = gl * gl * (hr + l2) + gr * gr * (hl + l2);
    const bottom = (hl + l2) * (hr + l2);
    if (top * bestBottom > bestTop * bottom) {
      bestTop = top;
      bestBottom = bottom;
      bestBin = bin;
      bestMissingLeft = missingLeft;
      bestG = g;
      bestPacked = packed;
    }
  }
}

/**
 * The best split of a leaf by one feature into `out`, six doubles: gain, last bin on the left or -1, whether missing values
 * go left, and of the left side the gradients and hessians, in steps, and the rows. Bin 0 holds missing values where there
 * are any (`missing`). Of equal splits the first: missing values left, lowest bin.
 */
export function bestSplit(histogram: usize, bins: i32, missing: i32, g: f64, h: f64, rows: f64, out: usize): void {
  leafG = <i64>g;
  leafPacked = ((<i64>rows) << countShift) + <i64>h;
  const mask = ((<i64>1) << countShift) - 1;
  const hessian = h * hessianStep + l2;
  // A split has to be better than none.
  bestTop = g * g;
  bestBottom = hessian;
  bestBin = -1;
  if (missing === 0) {
    scan(histogram, 0, bins - 2, 0, 0, 1);
  } else {
    const g0 = load<i64>(histogram);
    const p0 = load<i64>(histogram, 8);
    scan(histogram, 1, bins - 2, g0, p0, 1);
    if (p0 !== 0) scan(histogram, 1, bins - 1, 0, 0, 0);
  }
  store<f64>(out, (bestTop / bestBottom - (g * g) / hessian) * gradientStep * gradientStep);
  store<f64>(out, <f64>bestBin, 8);
  store<f64>(out, <f64>bestMissingLeft, 16);
  store<f64>(out, <f64>bestG, 24);
  store<f64>(out, <f64>(bestPacked & mask), 32);
  store<f64>(out, <f64>(bestPacked >> countShift), 40);
}

/** Largest gradient and hessian in size of `count` pairs of float32, as two float32. */
export function largest(pairs: usize, count: i32, out: usize): void {
  let most = f32x4.splat(0);
  const end = pairs + ((<usize>count) << 3);
  for (; pairs + 16 <= end; pairs += 16) most = f32x4.max(most, f32x4.abs(v128.load(pairs)));
  if (pairs < end) most = f32x4.max(most, f32x4.abs(v128.load64_zero(pairs)));
  most = f32x4.max(most, v128.shuffle<f32>(most, most, 2, 3, 0, 1));
  v128.store64_lane(out, most, 0);
}

/** Turns pairs of float32 into whole numbers, in place: round(gradient * gScale), round(hessian * hScale). */
export function toWhole(pairs: usize, count: i32, gScale: f32, hScale: f32): void {
  const scale = f32x4(gScale, hScale, gScale, hScale);
  const end = pairs + ((<usize>count) << 3);
  for (; pairs + 16 <= end; pairs += 16)
    v128.store(pairs, i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(pairs), scale))));
  if (pairs >= end) return;
  const rest = f32x4.nearest(f32x4.mul(v128.load64_zero(pairs), scale));
  v128.store64_lane(pairs, i32x4.trunc_sat_f32x4_s(rest), 0);
}

// e^x by e^x = 2^n e^r with |r| <= ln 2 / 2 and a polynomial (Cephes, expf): within 2 ulp for |x| <= 87.
function exp(x: v128): v128 {
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  const r = f32x4.sub(f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375))), f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
  let p = f32x4.splat(1.98756915e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

function laneSum(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<f32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

// Sorts `count` numbers, largest first: runs by insertion, then merges of what is not yet in order. Nearly sorted input,
// the usual case from one tree to the next, takes one pass.
const RUN: i32 = 32;

function sortDown(keys: usize, other: usize, count: i32): void {
  for (let from = 0; from < count; from += RUN) {
    const to = min(from + RUN, count);
    for (let k = from + 1; k < to; k++) {
      const key = load<u64>(keys + ((<usize>k) << 3));
      let at = keys + ((<usize>k) << 3);
      const start = keys + ((<usize>from) << 3);
      while (at > start && load<u64>(at - 8) < key) {
        store<u64>(at, load<u64>(at - 8));
        at -= 8;
      }
      store<u64>(at, key);
    }
  }
  for (let width = RUN; width < count; width <<= 1)
    for (let from = 0; from + width < count; from += 2 * width) {
      const middle = keys + ((<usize>(from + width)) << 3);
      if (load<u64>(middle - 8) < load<u64>(middle))
        merge(keys + ((<usize>from) << 3), middle, keys + ((<usize>min(from + 2 * width, count)) << 3), other);
    }
}

function merge(from: usize, middle: usize, to: usize, other: usize): void {
  memory.copy(other, from, middle - from);
  const end = other + (middle - from);
  let right = middle;
  for (let out = from; other < end; out += 8) {
    const l = load<u64>(other);
    const r: u64 = right < to ? load<u64>(right) : 0;
    const takeLeft = l > r;
    store<u64>(out, takeLeft ? l : r);
    if (takeLeft) other += 8;
    else right += 8;
  }
}

// float32 as an unsigned number in the same order
function ordered(x: f32): u64 {
  const bits = reinterpret<u32>(x);
  return <u64>(bits ^ ((<u32>((<i32>bits) >> 31)) | 0x80000000));
}

let truncation: i32 = 0;
let normalise: bool = false;
let gains: usize = 0;
let discounts: usize = 0;
let keys: usize = 0;
let scratch: usize = 0;

/**
 * Settings of `lambdas`: gain of each label and discount of each rank from 0 (float32), and a thread's own room: for each
 * row of the longest query, its length rounded up to a multiple of 4, 16 bytes of keys and 20 of scratch.
 */
export function openLambdas(
  level: i32,
  norm: i32,
  gainTable: usize,
  discountTable: usize,
  room: usize,
  longest: i32,
): void {
  truncation = level;
  normalise = norm !== 0;
  gains = gainTable;
  discounts = discountTable;
  keys = room;
  scratch = room + ((<usize>longest) << 4);
}

/**
 * LambdaRank gradients and hessians of one query into its rows' pairs, as float32. `order` holds the rows of the query by
 * score, from the last call or 0, 1, 2..., and is brought up to date: equal scores keep the order of rows.
 */
export function lambdas(
  count: i32,
  order: usize,
  scores: usize,
  labels: usize,
  inverseIdeal: f32,
  weight: f32,
  pairs: usize,
): void {
  const length = (count + 3) & ~3;
  const bytes = (<usize>length) << 2;
  const sorted = scratch;
  const gain = sorted + bytes;
  const discount = gain + bytes;
  const gradient = discount + bytes;
  const hessian = gradient + bytes;
  for (let k: usize = 0; k < <usize>count; k++) {
    const row = load<u32>(order + (k << 2));
    store<u64>(keys + (k << 3), (ordered(<f32>load<f64>(scores + ((<usize>row) << 3))) << 32) | (<u64>~row));
  }
  sortDown(keys, keys + ((<usize>length) << 3), count);
  let top: f64 = 0;
  for (let k: usize = 0; k < <usize>count; k++) {
    const row = ~(<u32>load<u64>(keys + (k << 3)));
    store<u32>(order + (k << 2), row);
    const score = load<f64>(scores + ((<usize>row) << 3));
    if (k === 0) top = score;
    store<f32>(sorted + (k << 2), <f32>(score - top));
    store<f32>(gain + (k << 2), load<f32>(gains + ((<usize>load<u8>(labels + <usize>row)) << 2)));
    store<f32>(discount + (k << 2), load<f32>(discounts + (k << 2)));
  }
  // What fills up the last vector has no smaller gain than anything: it makes no pair.
  for (let k = <usize>count; k < <usize>length; k++) {
    store<f32>(sorted + (k << 2), 0);
    store<f32>(gain + (k << 2), f32.MAX_VALUE);
    store<f32>(discount + (k << 2), 0);
  }
  memory.fill(gradient, 0, 2 * bytes);
  const spread = load<f32>(sorted) !== load<f32>(sorted + ((<usize>(count - 1)) << 2));
  const nearness = normalise && spread;
  const one = f32x4.splat(1);
  const floor = f32x4.splat(0.01);
  const most = f32x4.splat(80);
  const least = f32x4.splat(-80);
  let total: f64 = 0;
  for (let r = 0; r < count; r++) {
    const at = (<usize>r) << 2;
    const ownGain = load<f32>(gain + at);
    if (ownGain === 0) continue;
    const s = f32x4.splat(load<f32>(sorted + at));
    const g = f32x4.splat(ownGain);
    const d = f32x4.splat(load<f32>(discount + at));
    const scale = f32x4.splat(inverseIdeal);
    // Of two rows beyond the truncation neither counts.
    const limit = (<usize>(r < truncation ? length : min(truncation, count))) << 2;
    let pull = f32x4.splat(0);
    let bend = f32x4.splat(0);
    for (let j: usize = 0; j < limit; j += 16) {
      const theirs = v128.load(gain + j);
      let lower = f32x4.lt(theirs, g);
      if (j + 16 > limit) lower = v128.and(lower, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(<i32>((limit - j) >> 2))));
      const ahead = f32x4.sub(s, v128.load(sorted + j));
      let delta = f32x4.mul(f32x4.sub(g, theirs), f32x4.abs(f32x4.sub(d, v128.load(discount + j))));
      delta = v128.and(f32x4.mul(delta, scale), lower);
      if (nearness) delta = f32x4.div(delta, f32x4.add(floor, f32x4.abs(ahead)));
      const p = f32x4.div(one, f32x4.add(one, exp(f32x4.min(most, f32x4.max(least, ahead)))));
      const force = f32x4.mul(p, delta);
      const curve = f32x4.mul(force, f32x4.sub(one, p));
      v128.store(gradient + j, f32x4.add(v128.load(gradient + j), force));
      v128.store(hessian + j, f32x4.add(v128.load(hessian + j), curve));
      pull = f32x4.add(pull, force);
      bend = f32x4.add(bend, curve);
    }
    const force = laneSum(pull);
    store<f32>(gradient + at, load<f32>(gradient + at) - force);
    store<f32>(hessian + at, load<f32>(hessian + at) + laneSum(bend));
    total += 2 * <f64>force;
  }
  const factor = normalise && total > 0 ? <f32>(logTwo(1 + total) / total) * weight : weight;
  for (let k: usize = 0; k < <usize>count; k++) {
    const at = pairs + ((<usize>load<u32>(order + (k << 2))) << 3);
    store<f32>(at, load<f32>(gradient + (k << 2)) * factor);
    store<f32>(at, load<f32>(hessian + (k << 2)) * factor, 4);
  }
}

// log2(x) for x >= 1: the exponent, and of the mantissa m, 2 atanh((m - 1) / (m + 1)) as a series.
function logTwo(x: f64): f64 {
  const bits = reinterpret<u64>(x);
  let exponent = <f64>(<i32>(bits >> 52) - 1023);
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    exponent += 1;
  }
  const t = (m - 1) / (m + 1);
  const t2 = t * t;
  const series =
    1 + t2 * (1 / 3.0 + t2 * (1 / 5.0 + t2 * (1 / 7.0 + t2 * (1 / 9.0 + t2 * (1 / 11.0 + t2 * (1 / 13.0))))));
  return exponent + 2.885390081777927 * t * series;
}
