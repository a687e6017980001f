import { type Answered } from './replay.js';

/** Whether an item may stand in a list for this reader: what the engine's own filters keep, for those beside it. */
export function keeperOf({ ask, state }: Answered): (item: number) => boolean {
  const [user] = state.users.read([ask.target.userId], state.position);
  const seen = new Set(user?.history.item ?? []);
  return (item) => !seen.has(item) && state.items.isAvailable(item);
}
