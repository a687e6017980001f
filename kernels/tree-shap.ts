/**
 * Contributions of one tree to one row's score, in AssemblyScript with 128-bit vectors of two float64: what
 * `src/engine/trees/plain-shap.ts` does and explains, edge by edge, two quadrature points at once.
 * Pointers are byte offsets, unchecked. An edge is 48 bytes: slot of its parent, split, flags, 8 x feature, edge of the same
 * feature above or -1, (padding), own share, share, leaf value. Slot 0 is the root's, edge e has slot e + 1.
 */

const EDGE: usize = 48;
const LEFT: i32 = 1;
const LEAF: i32 = 2;
/** Factors and gains of two points. */
const TABLE: usize = 64;

let points: usize = 0;
let tables: usize = 0;
let products: usize = 0;
let sums: usize = 0;
let along: usize = 0;
/** Bytes of the points of a slot, and of an edge's table. */
let width: usize = 0;
let tableWidth: usize = 0;

/** Room for the tables, products and sums of the largest tree; a byte an edge for whether the row goes along it. */
export function openShap(tablesAt: usize, productsAt: usize, sumsAt: usize, alongAt: usize): void {
  tables = tablesAt;
  products = productsAt;
  sums = sumsAt;
  along = alongAt;
}

/** Tables of a tree of `count` edges at the `pairs` pairs of points, whose weights follow them. */
export function openTree(edges: usize, count: i32, pointsAt: usize, pairs: i32): void {
  points = pointsAt;
  width = (<usize>pairs) << 4;
  tableWidth = <usize>pairs * TABLE;
  memory.copy(products, points + width, width);
  const one = f64x2.splat(1);
  for (let edge = 0; edge < count; edge++) {
    const record = edges + <usize>edge * EDGE;
    const earlier = load<i32>(record, 16);
    const share = v128.load64_splat(record, 32);
    const before = earlier < 0 ? one : v128.load64_splat(edges + <usize>earlier * EDGE, 32);
    let table = tables + <usize>edge * tableWidth;
    for (let at: usize = 0; at < width; at += 16) {
      const t = v128.load(points + at);
      const rest = f64x2.sub(one, t);
      const out = f64x2.mul(share, rest);
      const factor = f64x2.add(out, t);
      const factorBefore = f64x2.add(f64x2.mul(before, rest), t);
      const gainBefore = f64x2.div(f64x2.sub(one, before), factorBefore);
      v128.store(table, f64x2.div(factor, factorBefore));
      v128.store(table, f64x2.sub(f64x2.div(f64x2.sub(one, share), factor), gainBefore), 16);
      v128.store(table, f64x2.div(out, factorBefore), 32);
      v128.store(table, f64x2.sub(f64x2.div(f64x2.splat(-1), rest), gainBefore), 48);
      table += TABLE;
    }
  }
}

function multiplyDown(edges: usize, count: i32, turnsLeft: usize): void {
  for (let edge: usize = 0; edge < <usize>count; edge++) {
    const record = edges + edge * EDGE;
    const earlier = load<i32>(record, 16);
    const wasAlong = earlier < 0 ? 1 : <i32>load<u8>(along + <usize>earlier);
    const turns = <i32>load<u8>(turnsLeft + <usize>load<i32>(record, 4));
    const goes = wasAlong & i32((load<i32>(record, 8) & LEFT) === turns);
    store<u8>(along + edge, goes);
    let from = products + <usize>load<i32>(record) * width;
    let to = products + (edge + 1) * width;
    const end = to + width;
    if (wasAlong) {
      let table = tables + edge * tableWidth + (goes ? 0 : 32);
      for (; to < end; to += 16) {
        v128.store(to, f64x2.mul(v128.load(from), v128.load(table)));
        from += 16;
        table += TABLE;
      }
    } else {
      const share = v128.load64_splat(record, 24);
      for (; to < end; to += 16) {
        v128.store(to, f64x2.mul(v128.load(from), share));
        from += 16;
      }
    }
  }
}

function sumUp(edges: usize, count: i32, values: usize): void {
  memory.fill(sums, 0, (<usize>count + 1) * width);
  for (let edge = <usize>count; edge-- > 0;) {
    const record = edges + edge * EDGE;
    const own = sums + (edge + 1) * width;
    const end = own + width;
    let above = sums + <usize>load<i32>(record) * width;
    if (load<i32>(record, 8) & LEAF) {
      const value = v128.load64_splat(record, 40);
      let product = products + (edge + 1) * width;
      for (let at = own; at < end; at += 16) {
        v128.store(at, f64x2.mul(value, v128.load(product)));
        product += 16;
      }
    }
    const earlier = load<i32>(record, 16);
    if (earlier < 0 || load<u8>(along + <usize>earlier)) {
      let gain = tables + edge * tableWidth + (load<u8>(along + edge) ? 16 : 48);
      let sum = f64x2.splat(0);
      for (let at = own; at < end; at += 16) {
        const below = v128.load(at);
        sum = f64x2.add(sum, f64x2.mul(below, v128.load(gain)));
        v128.store(above, f64x2.add(v128.load(above), below));
        gain += TABLE;
        above += 16;
      }
      const value = values + <usize>load<i32>(record, 12);
      store<f64>(value, load<f64>(value) + f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1));
    } else {
      for (let at = own; at < end; at += 16) {
        v128.store(above, f64x2.add(v128.load(above), v128.load(at)));
        above += 16;
      }
    }
  }
}

/** Adds to the values by feature what the opened tree contributes; turnsLeft is a byte a split. */
export function addContributions(edges: usize, count: i32, turnsLeft: usize, values: usize): void {
  multiplyDown(edges, count, turnsLeft);
  sumUp(edges, count, values);
}
