/** One reason why an item stands where it does, and the words for it. */
import { CONTEXT_DIMENSIONS } from '../../events/event.js';
import { type LiveState } from '../../state/live-state.js';
import { FIRST_CLICK } from '../../state/scope.js';
import { type Asked } from '../slate.js';

export type ReasonKind =
  'ITEM_READ' | 'READERS_ALIKE' | 'POPULARITY' | 'TASTE' | 'NEWNESS' | 'ATTRIBUTES' | 'MOMENT' | 'RANKER' | 'BACKFILL';

export interface Reason {
  readonly kind: ReasonKind;
  /** What it adds to the score; a ranker's reasons may take away. */
  readonly weight: number;
  /** Index of the item read, for ITEM_READ. */
  readonly item: number | null;
  /** Name of the scope, for POPULARITY. */
  readonly scope: string | null;
  readonly text: string;
}

export function reason(kind: ReasonKind, weight: number, text: string): Reason {
  return { kind, weight, item: null, scope: null, text };
}

/** "popular now on phone in region north as a first click": a scope with the context's own values, as far as they are known. */
export function scopeText(scope: string, { context, place }: Pick<Asked, 'context' | 'place'>): string {
  const parts = scope.split('+');
  if (scope === 'all') return 'popular now';
  const unknown = CONTEXT_DIMENSIONS.filter(
    (dimension) => parts.includes(dimension) && context[dimension] === undefined,
  );
  if (unknown.length > 0) return `popular whatever the ${unknown.join(' and ')}`;
  const words = { device: 'on', os: 'on', country: 'in country', region: 'in region', referrer: 'coming from' };
  const where = CONTEXT_DIMENSIONS.filter((dimension) => parts.includes(dimension)).map(
    (dimension) => ` ${words[dimension]} ${context[dimension]}`,
  );
  const when = place === FIRST_CLICK ? ' as a first click' : ' in the course of a visit';
  return `popular now${where.join('')}${parts.includes('position') ? when : ''}`;
}

export function readText(item: number, state: LiveState): string {
  return `because you read ${nameOf(item, state)}`;
}

/** What a person calls the item: its title or name, else its id. */
function nameOf(item: number, { items }: LiveState): string {
  const { title, name } = items.attributesOf(item);
  const text = typeof title === 'string' ? title : typeof name === 'string' ? name : items.id(item);
  return `“${text}”`;
}
