/**
 * What matrix factorisation expects the reader to like: the items with the largest dot product with the vector that the live
 * history folds in to. Scores are a softmax over those retrieved; an item beyond them scores by the same measure. What was
 * read fits the vector best of all and can't be on the list, so it takes neither a place nor a part of the softmax.
 */
import { topK } from '../../math/top-k.js';
import { type Retrieved, type Source } from '../source.js';

/** Dot products lie between about 0 and 1, where 1 stands for "observed": a tenth more is e times as likely. */
const SHARPNESS = 10;
const NOTHING: Retrieved = { items: new Int32Array(0), score: () => 0, cut: false };

export const als: Source = {
  name: 'ALS',

  retrieve({ query, history }, { state: { items }, snapshot }, { quota }): Retrieved {
    const model = snapshot?.als ?? null;
    const vector = model?.foldIn(history, items) ?? null;
    if (model === null || vector === null) return NOTHING;
    const { itemOf, rowOf } = model.alignedWith(items);
    const scores = model.scores(vector);
    for (let row = 0; row < scores.length; row++) {
      const item = itemOf[row]!;
      if (item === -1 || !items.isAvailable(item)) scores[row] = -Infinity;
    }
    if (query.filter?.includeSeen !== true) {
      for (const item of history.item) if (rowOf[item]! !== -1) scores[rowOf[item]!] = -Infinity;
    }
    const best = topK(scores, scores.length, quota).filter((row) => scores[row]! > -Infinity);
    if (best.length === 0) return NOTHING;
    const top = scores[best[0]!]!;
    const likelihood = (row: number): number => Math.exp(SHARPNESS * (scores[row]! - top));
    const sum = best.reduce((total, row) => total + likelihood(row), 0);
    const score = (item: number): number => {
      const row = rowOf[item]!;
      return row === -1 ? 0 : likelihood(row) / sum;
    };
    return { items: best.map((row) => itemOf[row]!), score, cut: false };
  },
};
