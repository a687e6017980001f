/**
 * Weighted blend: the score is the mixture of what the sources say, by the weights of the query. Each
 * source's part is its contribution; they add up to the score.
 */
import { type Ranker } from '../ranker.js';
import { SOURCE_NAMES } from '../stage-name.js';

export const blend: Ranker = {
  name: 'BLEND',
  score({ weights }, { count, scores }) {
    const sums = new Float64Array(count);
    SOURCE_NAMES.forEach((name, source) => {
      const weight = weights.sources[name];
      const given = scores[source]!;
      if (weight !== 0) for (let at = 0; at < count; at++) sums[at]! += weight * given[at]!;
    });
    return sums;
  },
};
