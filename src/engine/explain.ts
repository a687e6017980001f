/**
 * Why an item stands where it does, in words: the contributions of the sources, split into the scopes and the items read
 * that they rest on. Computed only when somebody asks, from what the slate kept; a source's split follows the state
 * as it is then, its sum is what the slate said. Weights and base score add up to the score.
 */
import { CONTEXT_DIMENSIONS } from '../events/event.js';
import { type LiveState } from '../state/live-state.js';
import { FIRST_CLICK } from '../state/scope.js';
import { type Asked, type Slate } from './slate.js';
import { forEachPartner } from './sources/item-neighbours.js';
import { scopeShares } from './sources/popularity.js';

export type ReasonKind = 'ITEM_READ' | 'READERS_ALIKE' | 'POPULARITY' | 'TASTE' | 'NEWNESS' | 'BACKFILL';

export interface Reason {
  readonly kind: ReasonKind;
  readonly weight: number;
  /** Index of the item read, for ITEM_READ. */
  readonly item: number | null;
  /** Name of the scope, for POPULARITY. */
  readonly scope: string | null;
  readonly text: string;
}

export interface Explanation {
  readonly text: string;
  /** Heaviest first. */
  readonly reasons: readonly Reason[];
}

/** What the score would be with no evidence: a mixture of shares starts from nothing. */
export const BASE_SCORE = 0;

/** Reasons that the one sentence names. */
const NAMED = 2;

/** Explains the item at this index of the slate (from 0). */
export function explain(slate: Slate, index: number, state: LiveState): Explanation {
  const item = slate.items[index]!;
  const reasons = slate.sources.flatMap(({ name, weight, scores }): Reason[] => {
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
  if (index >= slate.backfilledFrom) reasons.push(reason('BACKFILL', 0, 'fills the list'));
  reasons.sort((a, b) => b.weight - a.weight);
  const sentence = reasons
    .slice(0, NAMED)
    .map(({ text }) => text)
    .join('; ');
  return { text: sentence === '' ? '' : sentence[0]!.toUpperCase() + sentence.slice(1) + '.', reasons };
}

function reason(kind: ReasonKind, weight: number, text: string): Reason {
  return { kind, weight, item: null, scope: null, text };
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

/** "popular now on phone in region north as a first click": a scope with the context's own values. */
function scopeText(scope: string, { context, place }: Asked): string {
  const parts = scope.split('+');
  if (scope === 'all') return 'popular now';
  const words = { device: 'on', os: 'on', country: 'in country', region: 'in region', referrer: 'coming from' };
  const where = CONTEXT_DIMENSIONS.filter((dimension) => parts.includes(dimension)).map(
    (dimension) => ` ${words[dimension]} ${context[dimension] ?? 'elsewhere'}`,
  );
  const when = place === FIRST_CLICK ? ' as a first click' : ' in the course of a visit';
  return `popular now${where.join('')}${parts.includes('position') ? when : ''}`;
}

function readParts(asked: Asked, item: number, state: LiveState): Reason[] {
  return asked.seeds.map((seed, rank) => {
    let weight = 0;
    forEachPartner(asked, state.coClicks, { seed, isLast: rank === 0 }, (partner, probability) => {
      if (partner === item) weight += probability;
    });
    return {
      kind: 'ITEM_READ',
      weight,
      item: seed.item,
      scope: null,
      text: `because you read ${nameOf(seed.item, state)}`,
    };
  });
}

/** What a person calls the item: its title or name, else its id. */
function nameOf(item: number, { items }: LiveState): string {
  const { title, name } = items.attributesOf(item);
  const text = typeof title === 'string' ? title : typeof name === 'string' ? name : items.id(item);
  return `“${text}”`;
}
