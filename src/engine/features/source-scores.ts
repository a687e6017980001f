/**
 * What each source said of an item, whoever retrieved it, and its rank among those that the source retrieved itself; and
 * what the blend makes of them, by the weights of the query.
 */
import { type SourceName, SOURCE_NAMES } from '../stage-name.js';
import { type Feature, type FeatureGroup, type FeatureReason, type Featurizer } from './feature.js';

const SOURCES: Readonly<Record<SourceName, { readonly group: FeatureGroup; readonly reason: FeatureReason }>> = {
  POPULARITY: { group: 'POPULARITY', reason: { kind: 'POPULARITY', scope: 'all' } },
  NEWEST: { group: 'TEMPORAL', reason: { kind: 'NEWNESS' } },
  ITEM_NEIGHBOURS: { group: 'COLLABORATIVE', reason: { kind: 'ITEM_READ', items: 'LAST' } },
  USER_NEIGHBOURS: { group: 'COLLABORATIVE', reason: { kind: 'READERS_ALIKE' } },
  ALS: { group: 'ALS', reason: { kind: 'TASTE' } },
};
/** The feature that all sources have a part in. */
export const BLEND_FEATURE = 'score_blend';

const BLEND: Feature = {
  name: BLEND_FEATURE,
  group: 'POPULARITY',
  unit: 'probability',
  description: 'Score of the blend: what all sources say together, by the weights of the list.',
  reason: { kind: 'BLEND' },
};

/** Features that say what this source alone said. */
export function featuresOfSource(source: SourceName): readonly string[] {
  const name = source.toLowerCase();
  return [`score_${name}`, `rank_${name}`];
}

export const sourceScores: Featurizer = {
  features: () => [
    ...SOURCE_NAMES.flatMap((source) => {
      const [score, rank] = featuresOfSource(source) as [string, string];
      return [
        { name: score, unit: 'probability', description: `Score of ${source}; 0 where it is silent.` },
        { name: rank, unit: 'rank', description: `Rank in ${source}; unknown where it did not retrieve it.` },
      ].map((feature) => ({ ...feature, ...SOURCES[source] }));
    }),
    BLEND,
  ],

  fill({ weights }, { scores, ranks }, _world, columns) {
    const blend = columns[2 * SOURCE_NAMES.length]!.fill(0);
    SOURCE_NAMES.forEach((name, source) => {
      const given = scores[source]!;
      columns[2 * source]!.set(given);
      const [column, rank] = [columns[2 * source + 1]!, ranks[source]!];
      const weight = weights.sources[name];
      for (let row = 0; row < column.length; row++) {
        column[row] = rank[row] === 0 ? NaN : rank[row]!;
        blend[row]! += weight * given[row]!;
      }
    });
  },
};
