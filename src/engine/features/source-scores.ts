/** What each source said of an item, whoever retrieved it, and its rank among those that the source retrieved itself. */
import { type SourceName, SOURCE_NAMES } from '../stage-name.js';
import { type FeatureGroup, type FeatureReason, type Featurizer } from './feature.js';

const SOURCES: Readonly<Record<SourceName, { readonly group: FeatureGroup; readonly reason: FeatureReason }>> = {
  POPULARITY: { group: 'POPULARITY', reason: { kind: 'POPULARITY', scope: 'all' } },
  NEWEST: { group: 'TEMPORAL', reason: { kind: 'NEWNESS' } },
  ITEM_NEIGHBOURS: { group: 'COLLABORATIVE', reason: { kind: 'ITEM_READ', items: 'LAST' } },
  USER_NEIGHBOURS: { group: 'COLLABORATIVE', reason: { kind: 'READERS_ALIKE' } },
  ALS: { group: 'ALS', reason: { kind: 'TASTE' } },
};

export const sourceScores: Featurizer = {
  features: () =>
    SOURCE_NAMES.flatMap((source) => {
      const name = source.toLowerCase();
      return [
        { name: `score_${name}`, unit: 'probability', description: `Score of ${source}; 0 where it is silent.` },
        { name: `rank_${name}`, unit: 'rank', description: `Rank in ${source}; unknown where it did not retrieve it.` },
      ].map((feature) => ({ ...feature, ...SOURCES[source] }));
    }),

  fill(_query, { scores, ranks }, _world, columns) {
    SOURCE_NAMES.forEach((_, source) => {
      columns[2 * source]!.set(scores[source]!);
      const [column, given] = [columns[2 * source + 1]!, ranks[source]!];
      for (let row = 0; row < column.length; row++) column[row] = given[row] === 0 ? NaN : given[row]!;
    });
  },
};
