/**
 * What was just published or first seen. Without it an item that nobody has clicked could never be shown. The score falls
 * with age, 1 / (1 + age / 3 h), as a share of what the retrieved ones have together.
 */
import { type Retrieved, type Source } from '../source.js';

const AGE_MS = 3 * 3_600_000;

export const newest: Source = {
  name: 'NEWEST',

  retrieve({ query }, { state }, { quota }): Retrieved {
    const { items: catalogue } = state;
    const items = catalogue.youngest(
      quota,
      (item) => catalogue.bornAt(item) <= query.now && catalogue.isAvailable(item),
    );
    const youth = (item: number): number => {
      const age = query.now - catalogue.bornAt(item);
      return age < 0 ? 0 : 1 / (1 + age / AGE_MS);
    };
    const sum = items.reduce((total, item) => total + youth(item), 0);
    return { items, score: (item) => (sum === 0 ? 0 : youth(item) / sum), cut: false };
  },
};
