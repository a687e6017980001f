/** Diversity as one stage: maximal marginal relevance, then caps per attribute value, cut to the size of the slate. */
import { type Runner } from '../../pipeline/runner.js';
import { type ResolvedQuery } from '../query.js';
import { type World } from '../source.js';
import { attributeCaps } from './attribute-caps.js';
import { maximalMarginalRelevance, type Ranked, type Reranked } from './maximal-marginal-relevance.js';

/** The best `size` candidates in their order; where diversity is off or fails, the ranker's. */
export function diversify(query: ResolvedQuery, world: World, ranked: Ranked, runner: Runner): Reranked {
  const { size, scenario } = query.query;
  const { lambda, caps } = scenario.diversity;
  const asRanked: Reranked = { order: [...ranked.order.subarray(0, size)], scores: null };
  if (lambda === 1 && caps.length === 0) return asRanked;
  return runner.required({
    stage: 'DIVERSITY',
    candidatesIn: ranked.order.length,
    run: () => {
      const { order, scores } =
        lambda === 1 ? { order: [...ranked.order], scores: null } : maximalMarginalRelevance(query, world, ranked);
      // Cut only now: what a cap moves down makes room for the candidates below.
      return { order: attributeCaps(order, caps, ranked.candidates, world).slice(0, size), scores };
    },
    count: ({ order }) => order.length,
    otherwise: asRanked,
    instead: 'ordered by relevance alone',
  });
}
