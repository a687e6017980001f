/** What somebody would recommend who knows the demo world's truth: the articles that a click is likeliest to be on. */
import { type Context } from '../../events/event.js';
import { topK } from '../../math/top-k.js';
import { type World } from './world.js';

export interface OracleQuery {
  readonly userId: string;
  readonly context: Context | undefined;
  readonly at: number;
  /** Articles clicked in this session before, oldest first. */
  readonly previous: readonly string[];
}

/** At most `count` article ids that `keeps` holds for, likeliest first. No list can hit more often. */
export function oracleList(
  world: World,
  { userId, context, at, previous }: OracleQuery,
  count: number,
  keeps: (articleId: string) => boolean,
): readonly string[] {
  const odds = world.probabilities(world.visitor(userId, context), at, previous);
  const found: string[] = [];
  for (const index of topK(odds, odds.length, count + MOST_READ)) {
    if (found.length === count || odds[index] === 0) break;
    const { id } = world.article(index);
    if (keeps(id)) found.push(id);
  }
  return found;
}

/** Articles that a reader can have read among the likeliest. */
const MOST_READ = 200;
