/**
 * Reasons of a blended score: the contributions of the sources, split into the scopes and the items read that they rest
 * on. A source's split follows the state as it is now, its sum is what the slate said; the weights add up to the score.
 */
import { type LiveState } from '../../state/live-state.js';
import { type Asked, type Slate } from '../slate.js';
import { forEachPartner } from '../sources/item-neighbours.js';
import { scopeShares } from '../sources/popularity.js';
import { type Reason, readText, reason, scopeText } from './reason.js';

/** What the score would be with no evidence: a mixture of shares starts from nothing. */
export const BLEND_BASE_SCORE = 0;

export function blendReasons(slate: Slate, index: number, state: LiveState): Reason[] {
  const item = slate.items[index]!;
  return slate.sources.flatMap(({ name, weight, scores }): Reason[] => {
    const contribution = weight * scores[index]!;
    if (contribution === 0) return [];
    switch (name) {
      case 'POPULARITY':
        return split(popularityParts(slate.asked, item, state), contribution, 'popular now');
      case 'ITEM_NEIGHBOURS':
        return split(readParts(slate.asked, item, state), contribution, 'goes with what you read');
      case 'USER_NEIGHBOURS':
        return [reason('READERS_ALIKE', contribution, 'readers like you read it')];
      case 'NEWEST':
        return [reason('NEWNESS', contribution, 'new')];
      case 'ALS':
        return [reason('TASTE', contribution, 'fits what you have read so far')];
    }
  });
}

/** The parts, scaled so that they add up to the contribution; one reason for all where state no longer tells them apart. */
function split(parts: readonly Reason[], contribution: number, otherwise: string): Reason[] {
  const sum = parts.reduce((total, { weight }) => total + weight, 0);
  if (sum === 0) return [reason(parts[0]?.kind ?? 'POPULARITY', contribution, otherwise)];
  return parts
    .filter(({ weight }) => weight > 0)
    .map((part) => ({ ...part, weight: (part.weight / sum) * contribution }));
}

function popularityParts(asked: Asked, item: number, state: LiveState): Reason[] {
  const byScope = new Map<string, number>();
  for (const { scope, table, half, weight } of scopeShares(asked, state)) {
    byScope.set(scope, (byScope.get(scope) ?? 0) + weight * table.share(item, half));
  }
  return [...byScope].map(([scope, weight]) => ({
    kind: 'POPULARITY',
    weight,
    item: null,
    scope,
    text: scopeText(scope, asked),
  }));
}

/** For each item read, how strongly it points to this one. */
export function readParts(asked: Asked, item: number, state: LiveState): Reason[] {
  return asked.seeds.map((seed, rank) => {
    let weight = 0;
    forEachPartner(asked, state.coClicks, { seed, isLast: rank === 0 }, (partner, probability) => {
      if (partner === item) weight += probability;
    });
    return { kind: 'ITEM_READ', weight, item: seed.item, scope: null, text: readText(seed.item, state) };
  });
}
