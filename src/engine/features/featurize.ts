/**
 * The ranker's input: every feature of every candidate, whatever source found it. This is the one list of them, which
 * training and serving share; a model names the features that it was fitted to, and what it does not use is not computed.
 */
import { type StateSettings } from '../../state/state-settings.js';
import { type Candidates } from '../candidate.js';
import { type ResolvedQuery } from '../query.js';
import { type World } from '../source.js';
import { type FeatureMatrix } from '../trees/tree-ensemble.js';
import { attributeMatch } from './attribute-match.js';
import { factorAffinity } from './factor-affinity.js';
import { type Feature, type Featurizer } from './feature.js';
import { itemTimes } from './item-times.js';
import { lastItem } from './last-item.js';
import { moment } from './moment.js';
import { pairClicks } from './pair-clicks.js';
import { placeShares } from './place-shares.js';
import { popularityShares } from './popularity-shares.js';
import { readerOverlap } from './reader-overlap.js';
import { sourceScores } from './source-scores.js';

/** Columns stand in this order; a new featurizer comes last, for models know columns by place too. */
const FEATURIZERS: readonly Featurizer[] = [
  sourceScores,
  popularityShares,
  placeShares,
  pairClicks,
  readerOverlap,
  factorAffinity,
  attributeMatch,
  lastItem,
  moment,
  itemTimes,
];

/** All features under these settings, in the order of their columns. */
export function featuresOf(settings: StateSettings): readonly Feature[] {
  return FEATURIZERS.flatMap((featurizer) => featurizer.features(settings));
}

/**
 * Computes features, column by column, of those that `isWanted` names by column; the other columns are undefined. A
 * featurizer that none of them needs does not run. `room` is used again where it is large enough.
 */
export function featurize(
  query: ResolvedQuery,
  candidates: Candidates,
  world: World,
  { isWanted, room }: { readonly isWanted: (column: number) => boolean; readonly room: Float32Array | null },
): FeatureMatrix {
  const layout = layoutOf(world.state.settings);
  const rows = candidates.count;
  const { width } = layout;
  const values = room !== null && room.length >= rows * width ? room : new Float32Array(rows * width);
  layout.parts.forEach(({ featurizer, from, to }) => {
    const columns: Float32Array[] = [];
    let wanted = false;
    for (let column = from; column < to; column++) {
      wanted ||= isWanted(column);
      columns.push(values.subarray(column * rows, (column + 1) * rows));
    }
    if (wanted) featurizer.fill(query, candidates, world, columns);
  });
  return { rows, width, values };
}

interface Layout {
  readonly width: number;
  readonly parts: readonly { readonly featurizer: Featurizer; readonly from: number; readonly to: number }[];
}

const LAYOUTS = new WeakMap<StateSettings, Layout>();

function layoutOf(settings: StateSettings): Layout {
  let layout = LAYOUTS.get(settings);
  if (layout === undefined) {
    let width = 0;
    const parts = FEATURIZERS.map((featurizer) => {
      const from = width;
      width += featurizer.features(settings).length;
      return { featurizer, from, to: width };
    });
    LAYOUTS.set(settings, (layout = { width, parts }));
  }
  return layout;
}
