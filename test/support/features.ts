/** The features of items on a list over a small state, by name. */
import { featuresOf } from '../../src/engine/features/featurize.js';
import { type Query } from '../../src/engine/query.js';
import { createEngine } from '../../src/engine/recommend.js';
import { type Snapshot } from '../../src/engine/snapshot.js';
import { type LiveState } from '../../src/state/live-state.js';
import { queryOf } from './query.js';

/** Throws where the item is no candidate, or there is no such feature. */
export type FeatureReader = (itemId: string, feature: string) => number;

export function featuresFor(
  state: LiveState,
  rest: Partial<Query> = {},
  snapshot: Snapshot | null = null,
): FeatureReader {
  const { candidates, features } = createEngine({ clock: () => 0 }).inspect(queryOf(rest), state, snapshot);
  const { rows, values } = features(Int32Array.from(candidates.items, (_, place) => place));
  const names = featuresOf(state.settings).map(({ name }) => name);
  return (itemId, feature) => {
    const row = candidates.items.indexOf(state.items.find(itemId));
    const column = names.indexOf(feature);
    if (row === -1 || column === -1) throw new Error(`no candidate "${itemId}" or no feature "${feature}"`);
    return values[column * rows + row]!;
  };
}
