/** Another recommender to set beside the engine: the same query, its own list. */
import { type ItemPredicate } from '../engine/item-filter.js';
import { type Answered } from './replay.js';

export interface Baseline {
  readonly name: string;
  /** At most `count` indexes of items that `keeps` holds for, best first: what the engine's own filters leave. */
  best(count: number, answered: Answered, keeps: ItemPredicate): readonly number[];
}
