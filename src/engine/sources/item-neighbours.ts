/**
 * What is clicked after and together with what the reader read last: the probability of the next click and of a
 * co-click given each of the last items. The short half-life is smoothed by the longer ones (back-off with a Dirichlet
 * prior, as in language models: Zhai and Lafferty 2004), so that thin evidence stays small.
 */
import { type CoClicks } from '../../state/co-clicks.js';
import { type ResolvedQuery, type Seed } from '../query.js';
import { bestItems, type Retrieved, type Source } from '../source.js';

/** Clicks at an item that weigh as much as what the longer half-life says. */
const PRIOR = 7;
/** Of an item's probability, the part that next clicks speak for; co-clicks have the rest. Only the last item has next clicks. */
const NEXT_PART = 0.5;

export const itemNeighbours: Source = {
  name: 'ITEM_NEIGHBOURS',

  retrieve(query, { state, workspace }, { quota, budget }): Retrieved {
    const scores = workspace.scores.ITEM_NEIGHBOURS;
    scores.reset(state.items.count);
    const found: number[] = [];
    let cut = false;
    for (const [rank, seed] of query.seeds.entries()) {
      cut ||= budget.exceeded();
      if (cut) break;
      forEachPartner(query, state.coClicks, { seed, isLast: rank === 0 }, (partner, probability) => {
        if (!scores.has(partner)) found.push(partner);
        scores.set(partner, scores.get(partner, 0) + probability);
      });
    }
    const score = (item: number): number => scores.get(item, 0);
    return { items: bestItems(found, score, quota), score, cut };
  },
};

/** Calls back with every partner of the seed and what the seed adds to its score; over all seeds the sum is at most 1. */
export function forEachPartner(
  { seeds, asOf }: Pick<ResolvedQuery, 'seeds' | 'asOf'>,
  coClicks: CoClicks,
  { seed, isLast }: { readonly seed: Seed; readonly isLast: boolean },
  callback: (partner: number, probability: number) => void,
): void {
  const part = seed.weight / seeds.reduce((sum, { weight }) => sum + weight, 0);
  const { start, length } = coClicks.row(seed.item);
  const { partners, halfLivesMs } = coClicks;
  const co = new Float64Array(length);
  const next = new Float64Array(length);
  for (let half = halfLivesMs.length - 1; half >= 0; half--) {
    const decay = (asOf / halfLivesMs[half]!) * Math.LN2;
    backOff(co, coClicks.coSums(half), start, { decay, total: coClicks.coTotal(seed.item, half) });
    if (isLast) backOff(next, coClicks.nextSums(half), start, { decay, total: coClicks.nextTotal(seed.item, half) });
  }
  for (let at = 0; at < length; at++) {
    const probability = isLast ? NEXT_PART * next[at]! + (1 - NEXT_PART) * co[at]! : co[at]!;
    callback(partners[start + at]!, part * probability);
  }
}

/** p <- (count + PRIOR · p) / (total + PRIOR), for every partner; p holds what the longer half-lives say, 0 before the first. */
function backOff(
  p: Float64Array,
  sums: Float64Array,
  start: number,
  { decay, total }: { readonly decay: number; readonly total: number },
): void {
  const evidence = Math.exp(total - decay);
  for (let at = 0; at < p.length; at++) {
    p[at] = (Math.exp(sums[start + at]! - decay) + PRIOR * p[at]!) / (evidence + PRIOR);
  }
}
