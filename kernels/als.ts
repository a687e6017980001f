/**
 * Kernels of implicit alternating least squares, in AssemblyScript with 128-bit vectors over the memory that the training
 * threads share. Each does what its plain twin in `src/math` does (`als-row.ts`, `gram.ts`), in float32 throughout.
 * Pointers are byte offsets, unchecked. `width` is the length of a vector in bytes: a multiple of 16.
 */

// Sums of the four lanes of four vectors, as the lanes of one.
function sums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<f32>(a, b, 0, 4, 1, 5), v128.shuffle<f32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<f32>(c, d, 0, 4, 1, 5), v128.shuffle<f32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

function dot(a: usize, b: usize, width: usize): f32 {
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < width; at += 16) sum = f32x4.add(sum, f32x4.mul(v128.load(a + at), v128.load(b + at)));
  return f32x4.extract_lane(sums(sum, sum, sum, sum), 0);
}

// y += scale * x
function addScaled(y: usize, x: usize, scale: f32, width: usize): void {
  const k = f32x4.splat(scale);
  for (let at: usize = 0; at < width; at += 16)
    v128.store(y + at, f32x4.add(v128.load(y + at), f32x4.mul(v128.load(x + at), k)));
}

// The dot products of four vectors with x: each load of x serves four.
function dot4(a: usize, b: usize, c: usize, d: usize, x: usize, width: usize): v128 {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (let at: usize = 0; at < width; at += 16) {
    const v = v128.load(x + at);
    s0 = f32x4.add(s0, f32x4.mul(v128.load(a + at), v));
    s1 = f32x4.add(s1, f32x4.mul(v128.load(b + at), v));
    s2 = f32x4.add(s2, f32x4.mul(v128.load(c + at), v));
    s3 = f32x4.add(s3, f32x4.mul(v128.load(d + at), v));
  }
  return sums(s0, s1, s2, s3);
}

// y += k[0] a + k[1] b + k[2] c + k[3] d
function addScaled4(y: usize, a: usize, b: usize, c: usize, d: usize, k: v128, width: usize): void {
  const k0 = v128.shuffle<f32>(k, k, 0, 0, 0, 0);
  const k1 = v128.shuffle<f32>(k, k, 1, 1, 1, 1);
  const k2 = v128.shuffle<f32>(k, k, 2, 2, 2, 2);
  const k3 = v128.shuffle<f32>(k, k, 3, 3, 3, 3);
  for (let at: usize = 0; at < width; at += 16) {
    const left = f32x4.add(f32x4.mul(v128.load(a + at), k0), f32x4.mul(v128.load(b + at), k1));
    const right = f32x4.add(f32x4.mul(v128.load(c + at), k2), f32x4.mul(v128.load(d + at), k3));
    v128.store(y + at, f32x4.add(v128.load(y + at), f32x4.add(left, right)));
  }
}

/** sum += the Gram matrix of rows from..to, upper triangle; vectors of four columns on the diagonal are written whole. */
export function addGram(factors: usize, width: usize, from: i32, to: i32, sum: usize): void {
  let row = from;
  for (; row + 4 <= to; row += 4) {
    const a = factors + <usize>row * width;
    const b = a + width;
    const c = b + width;
    const d = c + width;
    for (let left: usize = 0; left < width; left += 4) {
      const k0 = v128.load32_splat(a + left);
      const k1 = v128.load32_splat(b + left);
      const k2 = v128.load32_splat(c + left);
      const k3 = v128.load32_splat(d + left);
      const line = sum + (left >> 2) * width;
      for (let at = left & ~15; at < width; at += 16) {
        const one = f32x4.add(f32x4.mul(v128.load(a + at), k0), f32x4.mul(v128.load(b + at), k1));
        const two = f32x4.add(f32x4.mul(v128.load(c + at), k2), f32x4.mul(v128.load(d + at), k3));
        v128.store(line + at, f32x4.add(v128.load(line + at), f32x4.add(one, two)));
      }
    }
  }
  for (; row < to; row++) {
    const a = factors + <usize>row * width;
    for (let left: usize = 0; left < width; left += 4)
      addScaled(sum + (left >> 2) * width, a, load<f32>(a + left), width);
  }
}

let factors: usize = 0;
let gram: usize = 0;
let width: usize = 0;
let residual: usize = 0;
let direction: usize = 0;
let image: usize = 0;

/** The other side's factors and a0 times their Gram matrix, for `solveRow`; scratch has room for three vectors. */
export function openSide(sideFactors: usize, sideGram: usize, sideWidth: usize, scratch: usize): void {
  factors = sideFactors;
  gram = sideGram;
  width = sideWidth;
  residual = scratch;
  direction = scratch + width;
  image = direction + width;
}

// image = (gram + ridge I + sum of w y y^T) direction; returns direction . image
function multiply(indexes: usize, weights: usize, count: i32, ridge: f32): f32 {
  multiplySide(image, direction, ridge);
  let entry = 0;
  for (; entry + 4 <= count; entry += 4) {
    const at = indexes + ((<usize>entry) << 2);
    const a = factors + <usize>load<i32>(at) * width;
    const b = factors + <usize>load<i32>(at, 4) * width;
    const c = factors + <usize>load<i32>(at, 8) * width;
    const d = factors + <usize>load<i32>(at, 12) * width;
    const products = dot4(a, b, c, d, direction, width);
    addScaled4(image, a, b, c, d, f32x4.mul(products, v128.load(weights + ((<usize>entry) << 2))), width);
  }
  for (; entry < count; entry++) {
    const a = factors + <usize>load<i32>(indexes + ((<usize>entry) << 2)) * width;
    addScaled(image, a, load<f32>(weights + ((<usize>entry) << 2)) * dot(a, direction, width), width);
  }
  return dot(direction, image, width);
}

// y += sum of (w - w * dot(y_i, x)) y_i over the entries, or of w y_i where x is 0
function addEntries(y: usize, x: usize, indexes: usize, weights: usize, count: i32): void {
  let entry = 0;
  for (; entry + 4 <= count; entry += 4) {
    const at = indexes + ((<usize>entry) << 2);
    const a = factors + <usize>load<i32>(at) * width;
    const b = factors + <usize>load<i32>(at, 4) * width;
    const c = factors + <usize>load<i32>(at, 8) * width;
    const d = factors + <usize>load<i32>(at, 12) * width;
    const w = v128.load(weights + ((<usize>entry) << 2));
    const k = x === 0 ? w : f32x4.sub(w, f32x4.mul(w, dot4(a, b, c, d, x, width)));
    addScaled4(y, a, b, c, d, k, width);
  }
  for (; entry < count; entry++) {
    const a = factors + <usize>load<i32>(indexes + ((<usize>entry) << 2)) * width;
    const w = load<f32>(weights + ((<usize>entry) << 2));
    addScaled(y, a, x === 0 ? w : w - w * dot(a, x, width), width);
  }
}

// y = (gram + ridge I) x
function multiplySide(y: usize, x: usize, ridge: f32): void {
  const r = f32x4.splat(ridge);
  for (let at: usize = 0; at < width; at += 16) {
    const line = gram + (at >> 2) * width;
    const product = dot4(line, line + width, line + 2 * width, line + 3 * width, x, width);
    v128.store(y + at, f32x4.add(product, f32x4.mul(v128.load(x + at), r)));
  }
}

/** Conjugate gradient from where the vector stands: `AlsRowSolver.solve` of a row with entries. */
export function solveRow(
  vector: usize,
  indexes: usize,
  weights: usize,
  count: i32,
  ridge: f32,
  steps: i32,
  enoughShare: f32,
): void {
  let enough: f32 = 0;
  if (enoughShare > 0) {
    memory.fill(residual, 0, width);
    addEntries(residual, 0, indexes, weights, count);
    enough = enoughShare * dot(residual, residual, width);
  }
  // residual = right-hand side - matrix * vector, in one pass over the entries
  multiplySide(residual, vector, ridge);
  for (let at: usize = 0; at < width; at += 16) v128.store(residual + at, f32x4.neg(v128.load(residual + at)));
  addEntries(residual, vector, indexes, weights, count);
  memory.copy(direction, residual, width);
  let error = dot(residual, residual, width);
  for (let step = 0; step < steps && error > enough; step++) {
    const curvature = multiply(indexes, weights, count, ridge);
    if (!(curvature > 0)) return;
    const length = error / curvature;
    addScaled(vector, direction, length, width);
    addScaled(residual, image, -length, width);
    const next = dot(residual, residual, width);
    const keep = f32x4.splat(next / error);
    for (let at: usize = 0; at < width; at += 16)
      v128.store(direction + at, f32x4.add(v128.load(residual + at), f32x4.mul(v128.load(direction + at), keep)));
    error = next;
  }
}

/**
 * scores[i] = (dot(a, item i), dot(b, item i), dot(c, item i), dot(d, item i)) for four users: each load of an item
 * serves four.
 */
export function score4(a: usize, b: usize, c: usize, d: usize, items: usize, count: i32, scores: usize): void {
  for (let item = 0; item < count; item++) {
    v128.store(scores + ((<usize>item) << 4), dot4(a, b, c, d, items + <usize>item * width, width));
  }
}
