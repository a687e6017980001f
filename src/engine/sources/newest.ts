/**
 * What was just published or first seen. Without it an item that nobody has clicked could never be shown. The score falls
 * with age, 1 / (1 + age / 3 h), as a share of what the retrieved ones have together.
 */
import { type LiveState } from '../../state/live-state.js';
import { type Retrieved, type Source } from '../source.js';

const AGE_MS = 3 * 3_600_000;

export const newest: Source = {
  name: 'NEWEST',

  retrieve({ query }, { state }, { quota }): Retrieved {
    const items = newestItems(state, query.now, quota);
    const youth = (item: number): number => {
      const age = query.now - state.items.bornAt(item);
      return age < 0 ? 0 : 1 / (1 + age / AGE_MS);
    };
    const sum = items.reduce((total, item) => total + youth(item), 0);
    return { items, score: (item) => (sum === 0 ? 0 : youth(item) / sum), cut: false };
  },
};

/** Available items born by now, youngest first; ties by the lower index. */
function newestItems(state: LiveState, now: number, quota: number): Int32Array {
  const order = state.items.oldestFirst;
  const found: number[] = [];
  for (let at = order.length - 1; at >= 0 && found.length < quota; at--) {
    const item = order[at]!;
    if (state.items.bornAt(item) <= now && state.items.isAvailable(item)) found.push(item);
  }
  const born = (item: number): number => state.items.bornAt(item);
  return Int32Array.from(found.sort((a, b) => born(b) - born(a) || a - b));
}
