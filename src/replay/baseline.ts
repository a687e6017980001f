/** Another recommender to set beside the engine: the same query, its own list. */
import { type Answered } from './replay.js';

export interface Baseline {
  readonly name: string;
  /** At most `count` indexes of items that `keeps` holds for, best first: neither seen by the reader nor unavailable. */
  best(count: number, answered: Answered, keeps: (item: number) => boolean): readonly number[];
}
