/**
 * What a history says to matrix factorisation: a weight for each item of it. Training builds its matrix with it and serving
 * folds users in with it, so that an unchanged history gives the vector that was trained.
 */
import { INTERACTION_TYPES, type InteractionType } from '../../events/event.js';
import { type History } from '../../state/histories.js';

export interface WeightRule {
  /** By type of interaction; several on one item add up. */
  readonly types: Readonly<Record<InteractionType, number>>;
  /** Age at which an interaction weighs half. */
  readonly halfLifeMs: number;
  /** Moment that ages are counted from: what came after it weighs in full. */
  readonly asOf: number;
}

/** Calls back with each interaction that counts: the item's index in state and its weight, above 0. */
export function forEachWeight(
  { length, item: items, type: types, at: times }: History,
  rule: WeightRule,
  callback: (item: number, weight: number) => void,
): void {
  for (let offset = 0; offset < length; offset++) {
    const ofType = rule.types[INTERACTION_TYPES[types[offset]!]!];
    const age = Math.max(0, rule.asOf - times[offset]!);
    const weight = ofType * 2 ** (-age / rule.halfLifeMs);
    if (weight > 0) callback(items[offset]!, weight);
  }
}
