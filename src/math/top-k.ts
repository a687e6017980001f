/**
 * The k best of n scores, best first. Ties break by the lower key, which is the index itself where no keys are given;
 * non-finite scores sink to the end. A bounded min-heap over the indexes: O(n log k).
 */
export function topK(scores: ArrayLike<number>, count: number, k: number, keys?: ArrayLike<number>): Int32Array {
  const size = Math.min(k, count);
  const heap = new Int32Array(size);
  if (size === 0) return heap;
  const ranked = new Float64Array(count);
  const ties = new Int32Array(count);
  for (let index = 0; index < count; index++) {
    const score = scores[index]!;
    ranked[index] = score - score === 0 ? score : -Infinity;
    ties[index] = keys === undefined ? index : keys[index]!;
    if (index < size) heap[index] = index;
  }
  const order = { ranked, ties };
  for (let at = (size >> 1) - 1; at >= 0; at--) siftDown(heap, at, size, order);
  for (let index = size; index < count; index++) {
    const worst = heap[0]!;
    const better = ranked[index]! > ranked[worst]!;
    if (better || (ranked[index] === ranked[worst] && ties[index]! < ties[worst]!)) {
      heap[0] = index;
      siftDown(heap, 0, size, order);
    }
  }
  for (let end = size - 1; end > 0; end--) {
    const worst = heap[0]!;
    heap[0] = heap[end]!;
    heap[end] = worst;
    siftDown(heap, 0, end, order);
  }
  return heap;
}

interface Order {
  readonly ranked: Float64Array;
  readonly ties: Int32Array;
}

/** Lets the entry at `from` sink below every better one: the worst of the first `length` stays on top. */
function siftDown(heap: Int32Array, from: number, length: number, { ranked, ties }: Order): void {
  const moved = heap[from]!;
  const score = ranked[moved]!;
  const tie = ties[moved]!;
  let at = from;
  for (let child = 2 * at + 1; child < length; child = 2 * at + 1) {
    let worse = heap[child]!;
    if (child + 1 < length) {
      const other = heap[child + 1]!;
      if (ranked[other]! < ranked[worse]! || (ranked[other] === ranked[worse] && ties[other]! > ties[worse]!)) {
        worse = other;
        child++;
      }
    }
    if (ranked[worse]! > score || (ranked[worse] === score && ties[worse]! <= tie)) break;
    heap[at] = worse;
    at = child;
  }
  heap[at] = moved;
}
