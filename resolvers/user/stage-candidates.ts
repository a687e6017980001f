/** What one stage alone would retrieve, or how it would order: read from the inspection of a list. */
import { type Candidates } from '../../src/engine/candidate.js';
import { type Learned } from '../../src/engine/rankers/learned.js';
import { type Inspection } from '../../src/engine/recommend.js';
import { SOURCE_NAMES } from '../../src/engine/stage-name.js';
import { type LiveState } from '../../src/state/live-state.js';
import { Item } from '../item/item.type.js';
import { type StageName } from '../recommendation/stage-name.js';
import { type StageCandidate } from './stage-candidate.type.js';

/** At most `size` candidates of the stage, best first; none of a stage that needs a fitted model. */
export function stageCandidates(
  stage: StageName,
  inspection: Inspection,
  state: LiveState,
  size: number,
): StageCandidate[] {
  return pairsOf(stage, inspection)
    .slice(0, size)
    .map(([item, score], at) => ({ item: new Item(state, item), rank: at + 1, score }));
}

/** Item indexes with their scores, best first. */
function pairsOf(stage: StageName, inspection: Inspection): [number, number][] {
  const { slate, retrieved, candidates, scores, blendOrder, learned } = inspection;
  const source = SOURCE_NAMES.indexOf(stage as (typeof SOURCE_NAMES)[number]);
  if (source !== -1) {
    const found = retrieved[source];
    return found == null ? [] : Array.from(found.items, (item) => [item, found.score(item)]);
  }
  const onSlate = Array.from(slate.items, (item, at): [number, number] => [item, slate.scores[at]!]);
  switch (stage) {
    case 'BLEND':
      return Array.from(blendOrder, (place) => [candidates.items[place]!, scores[place]!]);
    case 'RANKER':
      return learned === null ? [] : rankedItems(learned, candidates);
    case 'DIVERSITY':
      return onSlate.slice(0, slate.backfilledFrom);
    case 'BACKFILL':
      return onSlate.slice(slate.backfilledFrom);
    default:
      return [];
  }
}

function rankedItems({ places, scores, order }: Learned, { items }: Candidates): [number, number][] {
  return Array.from(order, (row) => [items[places[row]!]!, scores[row]!]);
}
