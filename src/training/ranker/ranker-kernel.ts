/** The exports of `kernels/ranker.ts`, where they are described; all arguments but numbers of things are byte offsets. */
import { loadKernel } from '../workers/load-kernel.js';

export interface RankerKernel {
  openTree(countShift: number): void;
  addRows4(rows: number, pairs: number, count: number, ...lists: [columns: number, histograms: number]): void;
  addRows(rows: number, pairs: number, count: number, ...of: [column: number, histogram: number]): void;
  clear(histogram: number, bins: number): void;
  copyRows(rows: number, count: number, to: number): void;
  subtract(from: number, part: number, bins: number): void;
  sumBins(histogram: number, bins: number, out: number): void;
  gatherPairs(rows: number, count: number, pairs: number, out: number): void;
  partition(
    ...call: [rows: number, count: number, column: number, shift: number, last: number, left: number, right: number]
  ): number;
  openSearch(minRows: number, minHessian: number, l2: number, ...steps: [gradient: number, hessian: number]): void;
  bestSplit(
    ...call: [histogram: number, bins: number, missing: number, g: number, h: number, rows: number, out: number]
  ): void;
  largest(pairs: number, count: number, out: number): void;
  toWhole(pairs: number, count: number, ...scales: [gradient: number, hessian: number]): void;
  openLambdas(
    ...call: [truncation: number, norm: number, gains: number, discounts: number, room: number, longest: number]
  ): void;
  lambdas(
    ...call: [
      count: number,
      order: number,
      scores: number,
      labels: number,
      inverseIdeal: number,
      weight: number,
      pairs: number,
    ]
  ): void;
}

export function rankerKernel(memory: WebAssembly.Memory): RankerKernel {
  return loadKernel('ranker', memory) as RankerKernel;
}
