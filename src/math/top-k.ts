/**
 * The k best of n scores, best first. Ties break by the lower index; non-finite scores sink to the end.
 * A bounded min-heap over the indexes: O(n log k), no allocation but the answer.
 */
export function topK(scores: ArrayLike<number>, count: number, k: number): Int32Array {
  const size = Math.min(k, count);
  const heap = new Int32Array(size);
  if (size === 0) return heap;
  const sinks = (a: number, b: number): boolean => {
    const x = rankable(scores[a]!);
    const y = rankable(scores[b]!);
    return x < y || (x === y && a > b);
  };
  const siftDown = (from: number, length: number): void => {
    const moved = heap[from]!;
    let at = from;
    for (let child = 2 * at + 1; child < length; child = 2 * at + 1) {
      if (child + 1 < length && sinks(heap[child + 1]!, heap[child]!)) child++;
      if (!sinks(heap[child]!, moved)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = moved;
  };
  for (let index = 0; index < size; index++) heap[index] = index;
  for (let at = (size >> 1) - 1; at >= 0; at--) siftDown(at, size);
  for (let index = size; index < count; index++) {
    if (sinks(heap[0]!, index)) {
      heap[0] = index;
      siftDown(0, size);
    }
  }
  for (let end = size - 1; end > 0; end--) {
    const worst = heap[0]!;
    heap[0] = heap[end]!;
    heap[end] = worst;
    siftDown(0, end);
  }
  return heap;
}

function rankable(score: number): number {
  return Number.isFinite(score) ? score : -Infinity;
}
