/** How many of the last item's recent readers read the candidate too: cosine of the two sets of readers. */
import { type Featurizer } from './feature.js';

export const readerOverlap: Featurizer = {
  features: () => [
    {
      name: 'reader_overlap',
      group: 'COLLABORATIVE',
      unit: 'cosine',
      description: 'Recent readers that the candidate shares with the last item read.',
      reason: { kind: 'READERS_ALIKE' },
    },
  ],

  fill({ seeds: [last] }, { items }, { state, workspace: { users } }, [overlap]) {
    if (last === undefined) return overlap!.fill(NaN);
    users.reset(state.users.indexes);
    const own = state.readers.of(last.item);
    for (let at = 0; at < own.length; at++) users.set(own[at]!, 1);
    for (let row = 0; row < items.length; row++) {
      const readers = state.readers.of(items[row]!);
      let shared = 0;
      for (let at = 0; at < readers.length; at++) if (users.has(readers[at]!)) shared++;
      overlap![row] = shared === 0 ? 0 : shared / Math.sqrt(own.length * readers.length);
    }
  },
};
